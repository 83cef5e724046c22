package io.myelin.http;

/** What a rule does to the message at hand. Immutable; used by every event loop. */
public interface HttpAction {
    /** Does without the other rules of its list: what they would do to the message is not done. */
    HttpAction ALLOW = new Allow();

    /** Acts on the message of {@code run}. */
    Step apply(RuleRun run);

    /** Where the rules go on after an action. */
    enum Step {
        /** With the next rule. */
        NEXT,
        /** After the list that the rule is in. */
        LEAVE_LIST,
        /** Nowhere: the run has an answer. */
        ANSWER
    }

    /** See {@link #ALLOW}. */
    record Allow() implements HttpAction {
        @Override
        public Step apply(RuleRun run) {
            return Step.LEAVE_LIST;
        }
    }
}
