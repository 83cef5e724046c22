package io.myelin.benchmarks.conformance;

import java.util.List;

/** Nobody sees a message that was not sent to him: expected of every case. */
record Safety() implements Check {
    /** The target of the request that some clients hide behind another. */
    static final String SMUGGLED = "/smuggled";

    /** Names the field that only responses have which a member was never asked for. */
    private static final String INJECTED = "x-injected";

    @Override
    public Verdict of(Observation seen) {
        List<ReadResponse> answers = seen.answers().responses();
        boolean asked = answers.stream().anyMatch(answer -> answer.body().equals(SMUGGLED));
        for (String stream : seen.streams()) {
            if (!Panel.agrees(stream)) {
                return Verdict.unsafe("servers disagree about what the member was sent: " + Panel.readings(stream));
            }
            if (!asked && Panel.anyFinds(stream, SMUGGLED)) {
                return Verdict.unsafe("the member got a request that the proxy did not know of");
            }
        }
        boolean injected = answers.stream()
                .anyMatch(answer -> !Field.values(answer.fields(), INJECTED).isEmpty());
        return injected ? Verdict.unsafe("the client got a response that answers nothing") : Verdict.PASS;
    }
}
