package io.myelin.health;

import io.myelin.model.HealthVerdict.State;
import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;

/** Turns a stream of check results about one endpoint into a conclusion, counting as HAProxy does. */
@OwnedBy(Owner.HEALTH_LOOP)
public final class HealthMachine {
    /*
     * The first result decides alone, whatever rise and fall say: an endpoint that nobody has checked is on probation.
     * From then on a conclusion stands until enough results in a row contradict it, and one that agrees ends the row.
     */
    private int rise;
    private int fall;
    private State state = State.UNKNOWN;
    private int streak;

    /**
     * Creates the machine of an endpoint that was never checked.
     *
     * @param rise successes in a row that bring a failing endpoint up, at least 1
     * @param fall failures in a row that bring a passing endpoint down, at least 1
     */
    public HealthMachine(int rise, int fall) {
        this.rise = rise;
        this.fall = fall;
    }

    /** Takes one result and returns the conclusion after it. */
    public State record(boolean passed) {
        State suggested = passed ? State.PASSING : State.FAILING;
        if (suggested == state) {
            streak = 0;
        } else if (++streak >= needed()) {
            state = suggested;
            streak = 0;
        }
        return state;
    }

    /**
     * Takes one failure that counts as so many that the next one brings a passing endpoint down, or as the last of
     * them.
     */
    public State recordGraveFailure() {
        if (state == State.PASSING) {
            streak = Math.max(streak, fall - 2);
        }
        return record(false);
    }

    /** Takes one failure that is enough. */
    public State recordFatalFailure() {
        if (state == State.PASSING) {
            streak = fall - 1;
        }
        return record(false);
    }

    /** Changes the thresholds: the conclusion stands, a row under way starts over. */
    public void reconfigure(int newRise, int newFall) {
        rise = newRise;
        fall = newFall;
        streak = 0;
    }

    public State state() {
        return state;
    }

    /** Returns whether the next result may change the conclusion sooner than a settled one: so check again soon. */
    public boolean inTransition() {
        return state == State.UNKNOWN || streak > 0;
    }

    /** Returns the conclusion as HAProxy's statistics show it, such as {@code UP}, {@code UP 2/3}, {@code DOWN 1/2}. */
    public String progress() {
        return switch (state) {
            case UNKNOWN -> up(1);
            case PASSING -> up(fall - streak);
            case FAILING -> streak == 0 ? "DOWN" : "DOWN " + streak + "/" + rise;
        };
    }

    /** Returns how far the endpoint is from being down for good, as HAProxy counts: up from {@code rise} on. */
    public int health() {
        return switch (state) {
            case UNKNOWN -> rise;
            case PASSING -> rise + fall - 1 - streak;
            case FAILING -> streak;
        };
    }

    private String up(int failuresLeft) {
        return failuresLeft == fall ? "UP" : "UP " + failuresLeft + "/" + fall;
    }

    private int needed() {
        return switch (state) {
            case UNKNOWN -> 1;
            case PASSING -> fall;
            case FAILING -> rise;
        };
    }
}
