package io.myelin.benchmarks.conformance;

import java.util.List;

/**
 * One conversation through a proxy and what must come of it.
 *
 * @param category the title of the file that holds it
 * @param name what is expected, as a sentence; unique within the category
 * @param client what the client does, in order
 * @param replies what the member does in its first exchanges; it answers all others with 200 and the request's target
 * @param checks what must have come of it
 */
record ConformanceCase(String category, String name, List<Act> client, List<Reply> replies, List<Check> checks) {
    /** Returns whether the client is to find its connection open at the end. */
    boolean endsOpen() {
        return checks.stream().anyMatch(Check::wantsOpen);
    }

    /** Returns how many final responses the client waits for; then, if it is to end, for the end. */
    int responses() {
        return checks.stream().mapToInt(Check::responses).max().orElse(0);
    }

    /** Returns everything the client sends, one character a byte. */
    String sent() {
        StringBuilder sent = new StringBuilder();
        client.stream().filter(act -> act.kind() == Act.Kind.SEND).forEach(act -> sent.append(act.text()));
        return sent.toString();
    }
}
