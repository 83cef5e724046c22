package io.myelin.balance;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Notices that too much of what one member was given went wrong in a row, whichever event loops gave it.
 *
 * <p>Each event loop counts for itself, and reads what the others count; what goes well costs nothing here, because it
 * is counted anyway.
 */
public final class ErrorWatch {
    /*
     * "In a row" is a matter of all loops together: an error on one of them continues the row of another unless
     * something went well in between. So each loop notes, beside its errors, how much had gone well in all when it
     * counted them; errors belong to one row as long as that number is the same. The sum of the rows with the newest
     * number is the length of the row. Two loops that count at the same moment may miss each other's last error, which
     * the next one makes up for.
     *
     * Once the limit is reached, the row is over for all loops, and that is for the control thread to say: it begins
     * another round, and until then a loop that has told of its round is silent.
     */
    private static final int ERRORS = 0;
    private static final int GOOD_BEFORE = 1;
    private static final int GOOD = 2;
    private static final int ROUND = 3;
    private static final int TOLD = 4;
    private static final int NUMBERS = 5;

    /** What counts as an error, and what as its opposite. */
    public enum Level {
        /** A connection that does not come about; one that does. HAProxy's {@code layer4}. */
        CONNECTIONS {
            @Override
            long good(Member member) {
                return member.total(MemberCounter.CONNECTIONS) + member.total(MemberCounter.REUSES);
            }
        },
        /**
         * That, and a response that is missing, malformed, incomplete, or of a status of 500 or more but 501 and 505,
         * which clients bring about; any other response. HAProxy's {@code layer7}.
         */
        ANSWERS {
            @Override
            long good(Member member) {
                return member.total(MemberCounter.RESPONSES_2XX)
                        + member.total(MemberCounter.RESPONSES_3XX)
                        + member.total(MemberCounter.RESPONSES_4XX);
            }
        };

        abstract long good(Member member);
    }

    /** Learns that a member has reached the limit; called on an event loop, and returns at once. */
    @FunctionalInterface
    public interface Sink {
        /**
         * Takes note of it.
         *
         * @param errors how many in a row
         * @param last the last of them, for people
         */
        void onErrors(Member member, int errors, String last);
    }

    private final Member member;
    private final Level level;
    private final int limit;
    private final Sink sink;
    private final AtomicReferenceArray<@Nullable AtomicLongArray> rows;
    private final AtomicLong round = new AtomicLong(1);

    /**
     * Creates the watch over a member that has made no error.
     *
     * @param limit how many errors in a row are too many, at least 1
     * @param loops how many event loops use the member
     */
    public ErrorWatch(Member member, Level level, int limit, int loops, Sink sink) {
        this.member = member;
        this.level = level;
        this.limit = limit;
        this.sink = sink;
        this.rows = new AtomicReferenceArray<>(loops);
    }

    /** Returns whether it watches for that. */
    public boolean watches(Level otherLevel, int otherLimit) {
        return level == otherLevel && limit == otherLimit;
    }

    /** Begins another row: what went wrong before counts no more. Control thread. */
    public void startOver() {
        round.incrementAndGet();
    }

    /** A connection did not come about; called by {@code loop} only. */
    public void onConnectFailed(int loop, String what) {
        count(loop, what);
    }

    /** A tunnel to the member stands, of which no answer will be known; called by {@code loop} only. */
    public void onTunnel(int loop) {
        if (level == Level.ANSWERS) {
            good(row(loop));
        }
    }

    /** The member gave no proper response; called by {@code loop} only. */
    public void onAnswerFailed(int loop, String what) {
        if (level == Level.ANSWERS) {
            count(loop, what);
        }
    }

    /**
     * The member answered with {@code status}, which is 500 or more or that of an upgrade; called by {@code loop} only.
     */
    public void onAnswer(int loop, int status) {
        if (level != Level.ANSWERS) {
            return;
        }
        if (status < 500 || status == 501 || status == 505) {
            good(row(loop));
        } else {
            count(loop, "http " + status);
        }
    }

    private static void good(AtomicLongArray row) {
        set(row, GOOD, row.getPlain(GOOD) + 1);
    }

    private void count(int loop, String what) {
        AtomicLongArray row = row(loop);
        long thisRound = round.get();
        long good = good();
        if (row.getPlain(ROUND) != thisRound || row.getPlain(GOOD_BEFORE) != good) {
            set(row, ERRORS, 0);
            set(row, GOOD_BEFORE, good);
            set(row, ROUND, thisRound);
        }
        set(row, ERRORS, row.getPlain(ERRORS) + 1);
        long errors = errors(thisRound, good);
        if (errors >= limit && row.getPlain(TOLD) != thisRound) {
            set(row, TOLD, thisRound);
            sink.onErrors(member, (int) errors, what);
        }
    }

    private long good() {
        long good = level.good(member);
        for (int loop = 0; loop < rows.length(); loop++) {
            AtomicLongArray row = rows.getAcquire(loop);
            good += row == null ? 0 : row.getOpaque(GOOD);
        }
        return good;
    }

    private long errors(long ofRound, long good) {
        long errors = 0;
        for (int loop = 0; loop < rows.length(); loop++) {
            AtomicLongArray row = rows.getAcquire(loop);
            if (row != null && row.getOpaque(ROUND) == ofRound && row.getOpaque(GOOD_BEFORE) == good) {
                errors += row.getOpaque(ERRORS);
            }
        }
        return errors;
    }

    private AtomicLongArray row(int loop) {
        AtomicLongArray row = rows.getPlain(loop);
        if (row == null) {
            row = new AtomicLongArray(NUMBERS);
            rows.setRelease(loop, row);
        }
        return row;
    }

    private static void set(AtomicLongArray row, int index, long value) {
        row.setOpaque(index, value);
    }
}
