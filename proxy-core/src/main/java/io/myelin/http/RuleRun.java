package io.myelin.http;

import io.myelin.balance.Member;
import io.myelin.failure.Failure;
import io.myelin.http.HttpAction.Step;
import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import io.myelin.pool.Pool;
import io.myelin.route.Regex.Found;
import io.myelin.route.RequestView;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One run of rules over one message: what their conditions, values and actions work on, and what came of it. Reused
 * from message to message.
 */
@OwnedBy(Owner.EVENT_LOOP)
public final class RuleRun {
    private final HeadWriter line = new HeadWriter();
    private final HeadWriter answer = new HeadWriter();
    private final Slice text = new Slice();
    private final Slice subject = new Slice();
    private final ResponseView responseView = new ResponseView();
    private @Nullable RequestHead request;
    private @Nullable ResponseHead response;
    private @Nullable ClientConnection client;
    private @Nullable Pool pool;
    private @Nullable Member member;
    private @Nullable Found found;
    private String listener = "";
    private Failure failure = Failure.DENIED;
    private int status;
    private long delayNanos;
    private Outcome outcome = Outcome.PASS;

    /** What rules want to become of a message. */
    enum Outcome {
        PASS,
        /** A failure response, at once. */
        REFUSE,
        /** A failure response, after {@link #delayNanos()}. */
        DELAY,
        /** A redirection. */
        REDIRECT
    }

    RuleRun() {}

    /** Says on whose behalf the coming runs are. */
    void begin(String newListener, ClientConnection newClient) {
        listener = newListener;
        client = newClient;
    }

    /** Runs the rules for requests over {@code head}, which they may change. */
    Outcome onRequest(HttpRules rules, RequestHead head, @Nullable Pool chosen) {
        request = head;
        response = null;
        pool = chosen;
        member = null;
        head.adoptAuthority(line());
        return run(rules.requests(), head);
    }

    /** Runs the rules for responses over {@code head}, which they may change. */
    Outcome onResponse(HttpRules rules, ResponseHead head, @Nullable Pool chosen, @Nullable Member answering) {
        request = null;
        response = head;
        pool = chosen;
        member = answering;
        return run(rules.responses(), responseView.of(head, client));
    }

    private Outcome run(List<List<HttpRule>> lists, RequestView view) {
        outcome = Outcome.PASS;
        for (int i = 0; i < lists.size(); i++) {
            if (runList(lists.get(i), view) == Step.ANSWER) {
                break;
            }
        }
        return outcome;
    }

    private Step runList(List<HttpRule> rules, RequestView view) {
        for (int i = 0; i < rules.size(); i++) {
            HttpRule rule = rules.get(i);
            Step step = rule.when().holds(view) ? rule.action().apply(this) : Step.NEXT;
            if (step != Step.NEXT) {
                return step;
            }
        }
        return Step.LEAVE_LIST;
    }

    /** Returns the head at hand. */
    EditableHead head() {
        RequestHead asked = request;
        return asked == null ? response() : asked;
    }

    /** Returns the request, {@code null} when the message at hand is its response. */
    @Nullable
    RequestHead request() {
        return request;
    }

    private ResponseHead response() {
        ResponseHead answered = response;
        if (answered == null) {
            throw new IllegalStateException("rules run over no message");
        }
        return answered;
    }

    /** Returns the status of the response at hand, 0 if the message is a request. */
    int responseStatus() {
        ResponseHead answered = response;
        return answered == null ? 0 : answered.status();
    }

    @Nullable
    ClientConnection client() {
        return client;
    }

    /** Returns what HAProxy's tools call the pool, or the listener while there is none. */
    String backendName() {
        Pool chosen = pool;
        return chosen == null ? listener : chosen.alias();
    }

    String listener() {
        return listener;
    }

    @Nullable
    Member member() {
        return member;
    }

    /** Returns the match whose groups a value may ask for, {@code null} if there is none. */
    @Nullable
    Found found() {
        return found;
    }

    void found(Found match) {
        found = match;
    }

    /** Returns scratch space, cleared, in which an action composes what it puts into the head. */
    HeadWriter line() {
        line.clear();
        return line;
    }

    /** Returns scratch space, cleared, in which an action composes the head of its answer. */
    HeadWriter newAnswer() {
        answer.clear();
        return answer;
    }

    /** Returns the bytes between the two positions as text, valid until the next call. */
    CharSequence text(byte[] bytes, int from, int to) {
        text.set(bytes, from, to);
        return text;
    }

    /** Returns the bytes between the two positions as the text to find a match in, which stays valid with the match. */
    CharSequence subject(byte[] bytes, int from, int to) {
        subject.set(bytes, from, to);
        return subject;
    }

    /**
     * Adds the field line in {@code addition}, which ends in CR LF. The line must have been checked but for what a Host
     * field may hold.
     */
    Step append(HeadWriter addition, int nameLength, int valueStart) {
        Fields fields = head().fields();
        RequestHead asked = request;
        boolean host = asked != null && FieldName.of(addition.bytes(), 0, nameLength) == FieldName.HOST;
        if (host && !Authority.valid(addition.bytes(), valueStart, addition.length() - 2)) {
            return malformed();
        }
        fields.append(addition, nameLength, valueStart);
        head().onBytesMoved();
        if (host && asked != null) {
            asked.onHostAppended();
        }
        return Step.NEXT;
    }

    /** Refuses the message because what the rules make of it is not well-formed. */
    Step malformed() {
        boolean asked = request != null;
        Failure reason = asked ? Failure.MALFORMED_REQUEST : Failure.MALFORMED_RESPONSE;
        return refuse(reason, reason.status(), 0);
    }

    /** Answers with a failure. */
    Step refuse(Failure reason, int newStatus, long newDelayNanos) {
        failure = reason;
        status = newStatus;
        delayNanos = newDelayNanos;
        outcome = newDelayNanos == 0 ? Outcome.REFUSE : Outcome.DELAY;
        return Step.ANSWER;
    }

    /** Answers with the redirection whose head, but for the connection and the empty line, was composed. */
    Step redirect(int newStatus) {
        status = newStatus;
        outcome = Outcome.REDIRECT;
        return Step.ANSWER;
    }

    /** Returns why the message is refused. */
    Failure failure() {
        return failure;
    }

    /** Returns the status of the answer. */
    int status() {
        return status;
    }

    long delayNanos() {
        return delayNanos;
    }

    /** Returns the head of a redirection, as far as {@link #redirect} has it. */
    HeadWriter answer() {
        return answer;
    }
}
