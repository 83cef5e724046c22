package io.myelin.benchmarks.conformance;

import io.myelin.benchmarks.conformance.Transcript.End;
import java.util.List;

/**
 * What was seen of one case from both ends of the proxy.
 *
 * @param sent what the client sent
 * @param received what it got, before it asked whether the connection still serves
 * @param end how its connection ended by then
 * @param serves whether a further request on it was answered, and by nothing else than its answer
 * @param streams what arrived on each of the member's connections
 */
record Observation(String sent, String received, End end, boolean serves, List<String> streams) {
    /** The target of the request that shows whether a connection still serves. */
    static final String PROBE = "/probe";

    ResponseReader.Reading answers() {
        return answers(sent, received, end != End.NONE);
    }

    static ResponseReader.Reading answers(String sent, String received, boolean ended) {
        List<String> methods = RequestReader.PLAIN.read(sent).requests().stream()
                .map(ReadRequest::method)
                .toList();
        return ResponseReader.read(received, methods, ended);
    }

    /** Returns the requests that reached the member, as a careless server would read them. */
    List<ReadRequest> requests() {
        return streams.stream()
                .flatMap(stream -> RequestReader.PLAIN.read(stream).requests().stream())
                .filter(request -> !request.target().equals(PROBE))
                .toList();
    }

    /** Returns those of them that arrived completely. */
    List<ReadRequest> completeRequests() {
        return requests().stream().filter(ReadRequest::complete).toList();
    }
}
