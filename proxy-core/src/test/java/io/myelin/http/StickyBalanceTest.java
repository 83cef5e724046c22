package io.myelin.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.balance.BalanceConfig;
import io.myelin.balance.BalanceConfig.Policy;
import io.myelin.balance.HashConfig;
import io.myelin.balance.HashConfig.KeySource;
import io.myelin.balance.HashConfig.Layout;
import io.myelin.testing.LoopbackBackend;
import io.myelin.testing.RawClient;
import io.myelin.testing.TestProxy;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Policies that look at the request or at what members did before, over real sockets. */
@Timeout(30)
@Tag("sockets")
class StickyBalanceTest {
    private final LoopbackBackend one = LoopbackBackend.answering("one");
    private final LoopbackBackend two = LoopbackBackend.answering("two");
    private final LoopbackBackend three = LoopbackBackend.answering("three");
    private final TestProxy proxy = TestProxy.http();

    @AfterEach
    void stop() {
        proxy.close();
        one.close();
        two.close();
        three.close();
    }

    @ParameterizedTest
    @CsvSource({
        "PATH, '', '/%d?x=%d', 'X: 1'",
        "PATH_AND_QUERY, '', '/?id=%d', 'X: 1'",
        "QUERY_PARAMETER, id, '/?a=b&id=%d', 'X: 1'",
        "HEADER, X-User, '/', 'x-user: %d'"
    })
    void requestsWithOneKeyComeToOneMember(KeySource source, String name, String target, String header)
            throws IOException {
        proxy.with(BalanceConfig.byHash(new HashConfig(source, name, Layout.CONSISTENT, 0)));
        proxy.start(one.port(), two.port(), three.port());
        Set<String> everyAnswer = new HashSet<>();
        try (RawClient client = RawClient.to(proxy.port())) {
            // Who gets which depends on the members' ports, which are others in every run: of a few, one may get none.
            for (int user = 0; user < 60; user++) {
                Set<String> answers = new HashSet<>();
                for (int i = 0; i < 5; i++) {
                    answers.add(get(client, target.replace("%d", "" + user), header.replace("%d", "" + user)));
                }
                assertThat(answers).hasSize(1);
                everyAnswer.addAll(answers);
            }
        }
        assertThat(everyAnswer).hasSize(3);
    }

    @Test
    void requestsWithoutTheKeyTakeTurns() throws IOException {
        proxy.with(BalanceConfig.byHash(new HashConfig(KeySource.HEADER, "X-User", Layout.MAP_BASED, 0)));
        proxy.start(one.port(), two.port(), three.port());
        Set<String> answers = new HashSet<>();
        try (RawClient client = RawClient.to(proxy.port())) {
            for (int i = 0; i < 3; i++) {
                answers.add(get(client, "/", "X: 1"));
            }
        }
        assertThat(answers).containsExactlyInAnyOrder("one", "two", "three");
    }

    @Test
    void aMemberThatAnswersWithErrorsIsAvoidedByItsPast() throws IOException {
        try (LoopbackBackend failing = LoopbackBackend.running(conversation -> {
            while (!conversation.readRequest().isEmpty()) {
                conversation.write("HTTP/1.1 503 No\r\nContent-Length: 4\r\n\r\nfail");
            }
        })) {
            proxy.with(new BalanceConfig(Policy.PEAK_EWMA, 2));
            proxy.start(one.port(), failing.port());
            int failures = 0;
            try (RawClient client = RawClient.to(proxy.port())) {
                for (int i = 0; i < 200; i++) {
                    failures += get(client, "/", "X: 1").equals("fail") ? 1 : 0;
                }
            }
            assertThat(failures).isBetween(1, 20);
        }
    }

    private static String get(RawClient client, String target, String header) throws IOException {
        return client.send("GET " + target + " HTTP/1.1\r\nHost: web\r\n" + header + "\r\n\r\n")
                .readResponse()
                .body();
    }
}
