package io.myelin.admin;

import io.myelin.balance.Member;
import io.myelin.balance.Member.AdminState;
import io.myelin.httpd.Answer;
import io.myelin.model.Clock;
import io.myelin.model.EndpointId;
import io.myelin.pool.Pool;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One member of one service, by a name such as {@code web/members/i-7_10.0.0.7:8080}: seen, rested and weighed. */
final class MemberResource {
    private static final Logger log = LoggerFactory.getLogger(MemberResource.class);
    private static final String BETWEEN = "/members/";

    private final ProcessView view;
    private final Clock clock;

    MemberResource(ProcessView view, Clock clock) {
        this.view = view;
        this.clock = clock;
    }

    /** Returns whether {@code name} is that of a member. */
    static boolean names(String name) {
        return name.indexOf(BETWEEN) > 0;
    }

    Answer one(AdminRequest request) {
        Pool pool = view.pool(service(request));
        Member member = pool == null ? null : member(pool, id(request));
        return pool == null || member == null ? missing(request) : shown(pool, member);
    }

    /** Rests or weighs the member, and answers with what became of it. */
    CompletionStage<Answer> change(AdminRequest request) {
        if (!names(request.name())) {
            return CompletableFuture.completedFuture(Router.refusal(request, "GET, HEAD"));
        }
        Answer refusal = refusal(request);
        Pool pool = view.pool(service(request));
        if (refusal != null || pool == null) {
            return CompletableFuture.completedFuture(refusal == null ? missing(request) : refusal);
        }
        try {
            MemberWish wish = MemberWish.parse(request.body());
            CompletableFuture<Answer> changed = new CompletableFuture<>();
            ask(pool, new EndpointId(id(request)), wish);
            view.afterChanges(() -> changed.complete(one(request)));
            return changed;
        } catch (MalformedWishException e) {
            return CompletableFuture.completedFuture(Reply.error(400, String.valueOf(e.getMessage()), request.path()));
        }
    }

    private static void ask(Pool pool, EndpointId member, MemberWish wish) {
        AdminState state = wish.state();
        if (state != null) {
            pool.rest(member, state);
        }
        if (wish.weighed()) {
            pool.weigh(member, wish.weight());
        }
        log.info("Operator changed: pool={} member={} wish={}", pool.name(), member, wish);
    }

    private @Nullable Answer refusal(AdminRequest request) {
        if (!request.method().equals("PUT") && !request.method().equals("POST")) {
            return Router.refusal(request, "GET, HEAD, PUT, POST");
        }
        Pool pool = view.pool(service(request));
        return pool == null || member(pool, id(request)) == null ? missing(request) : null;
    }

    private Answer missing(AdminRequest request) {
        String service = service(request);
        Pool pool = view.pool(service);
        if (pool != null) {
            return Reply.error(404, "Unknown member " + id(request) + " of service " + service, request.path());
        }
        boolean broken =
                view.brokenServices().stream().anyMatch(one -> one.name().equals(service));
        return broken
                ? Reply.error(409, "Service " + service + " is broken and has no members", request.path())
                : Reply.error(404, "Unknown service " + service, request.path());
    }

    private Answer shown(Pool pool, Member member) {
        PoolReading reading = PoolReading.of(pool);
        boolean eligible = reading.snapshot().eligible().contains(member);
        return Reply.json(
                200,
                MemberView.of(
                        member,
                        Standing.of(member, eligible),
                        reading,
                        ProbedInstance.ofPool(pool.name(), view.probed()),
                        Times.now(clock)));
    }

    private static @Nullable Member member(Pool pool, String id) {
        for (Member member : pool.snapshot().members()) {
            if (member.id().value().equals(id)) {
                return member;
            }
        }
        return null;
    }

    private static String service(AdminRequest request) {
        return request.name().substring(0, request.name().indexOf(BETWEEN));
    }

    private static String id(AdminRequest request) {
        return request.name().substring(request.name().indexOf(BETWEEN) + BETWEEN.length());
    }
}
