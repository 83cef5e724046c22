package io.myelin.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.pool.PoolCounter;
import io.myelin.pool.StickyConfig;
import io.myelin.pool.StickyConfig.Mode;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a client learns of its member; compared with HAProxy 2.6 case by case. */
class StickyResponseTest {
    private static final StickyConfig INSERT = StickyConfig.inserted("SRV");
    private static final String OWN = "Set-Cookie: SRV=two; path=/";

    private static String answer(StickyConfig config, String requestLines, String responseLines) {
        StickyScene scene = new StickyScene(config);
        scene.request(requestLines);
        return scene.response(scene.member("two"), responseLines).lines("set-cookie");
    }

    // Insert.

    @Test
    void theExactBytesAreHaproxys() {
        StickyScene scene = new StickyScene(INSERT);
        scene.request("");

        assertThat(scene.response(scene.member("two"), "X: 1\r\n").head())
                .isEqualTo("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nX: 1\r\nSet-Cookie: SRV=two; path=/\r\n\r\n");
    }

    @ParameterizedTest
    @CsvSource({
        "'', true",
        "'Cookie: SRV=nope', true",
        "'Cookie: SRV=', true",
        "'Cookie: SRV=one', true",
        "'Cookie: SRV=two', false",
        "'Cookie: SRV=nope; SRV=two', false",
        "'Cookie: a=1', true"
    })
    void theCookieIsSetUnlessItIsRightAlready(String request, boolean set) {
        assertThat(answer(INSERT, request.isEmpty() ? "" : request + "\r\n", ""))
                .isEqualTo(set ? OWN : "");
    }

    @Test
    void attributesFollowTheValue() {
        StickyConfig config = INSERT.with()
                .httpOnly(true)
                .secure(true)
                .domains(List.of("a.b"))
                .attributes(List.of("SameSite=Lax"))
                .build();

        assertThat(answer(config, "", "")).isEqualTo(OWN + "; domain=a.b; HttpOnly; Secure; SameSite=Lax");
    }

    @ParameterizedTest
    @CsvSource({"GET,false", "PUT,false", "POST,true"})
    void postOnlyMeansPostOnly(String method, boolean set) {
        StickyScene scene = new StickyScene(INSERT.with().postOnly(true).build());
        scene.request(method, "");

        assertThat(scene.response(scene.member("two"), "Set-Cookie: SRV=app\r\n")
                        .lines("set-cookie"))
                .isEqualTo(set ? OWN : "");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '#',
            quoteCharacter = '`',
            value = {
                "true # SRV=two # Set-Cookie: SRV=app; path=/x # ``",
                "true # a=1     # Set-Cookie: SRV=app; path=/x # Set-Cookie: SRV=two; path=/",
                "false # SRV=two # Set-Cookie: SRV=app; path=/x # ``",
                "true # SRV=two # set-cookie:SRV = app # ``",
                "true # SRV=two # Set-Cookie: x=1; SRV=app # Set-Cookie: x=1; SRV=app",
                "true # SRV=two # Set-Cookie: srv=app # Set-Cookie: srv=app",
                "true # SRV=two # Set-Cookie: SRV # Set-Cookie: SRV",
                "true # SRV=two # Set-Cookie: a=1@Set-Cookie: SRV=app@Set-Cookie: c=1 # Set-Cookie: a=1 + Set-Cookie: c=1"
            })
    void whatTheMemberSetsUnderTheNameIsRemoved(boolean indirect, String cookie, String lines, String left) {
        assertThat(answer(
                        INSERT.with().indirect(indirect).build(),
                        "Cookie: " + cookie + "\r\n",
                        lines.replace("@", "\r\n") + "\r\n"))
                .isEqualTo(left);
    }

    @ParameterizedTest
    @CsvSource({"true,''", "true,SRV=two", "false,''", "false,SRV=two"})
    void preserveKeepsWhatTheMemberSets(boolean indirect, String cookie) {
        StickyConfig config = INSERT.with().indirect(indirect).preserve(true).build();

        assertThat(answer(config, "Cookie: " + cookie + "\r\n", "Set-Cookie: SRV=app; path=/x\r\n"))
                .isEqualTo("Set-Cookie: SRV=app; path=/x");
        assertThat(answer(config, "", "Set-Cookie: b=1\r\n")).isEqualTo("Set-Cookie: b=1 + " + OWN);
    }

    @ParameterizedTest
    @CsvSource({
        "'',     'ETag: x',              true",
        "'',     '',                     false",
        "'',     'Cache-Control: private', false",
        "SRV=two,'ETag: x',              false"
    })
    void cachesAreToldWhenTheCookieIsSet(String cookie, String line, boolean told) {
        StickyScene scene = new StickyScene(INSERT);
        scene.request("Cookie: " + cookie + "\r\n");
        String given = line.isEmpty() ? "" : line + "\r\n";
        String lines = scene.response(scene.member("two"), given).head();

        assertThat(lines.endsWith("\r\n" + OWN + "\r\nCache-Control: private\r\n\r\n"))
                .isEqualTo(told);
        assertThat(answer(INSERT.with().noCache(false).build(), "", "ETag: x\r\n"))
                .isEqualTo(OWN);
    }

    // Prefix and rewrite.

    @ParameterizedTest
    @CsvSource(
            delimiter = '#',
            quoteCharacter = '`',
            value = {
                "PREFIX  # Set-Cookie: SRV=app; path=/x          # Set-Cookie: SRV=two~app; path=/x",
                "PREFIX  # Set-Cookie: SRV=                      # Set-Cookie: SRV=two~",
                "PREFIX  # Set-Cookie: SRV=\"a;b\"; path=/       # Set-Cookie: SRV=two~\"a;b\"; path=/",
                "PREFIX  # set-cookie:SRV=1,a=2                  # set-cookie:SRV=two~1,a=2",
                "PREFIX  # Set-Cookie: SRV                       # Set-Cookie: SRV",
                "PREFIX  # Set-Cookie: x=1; SRV=a                # Set-Cookie: x=1; SRV=a",
                "PREFIX  # ``                                    # ``",
                "REWRITE # Set-Cookie: SRV=app; path=/x          # Set-Cookie: SRV=two; path=/x",
                "REWRITE # Set-Cookie: SRV=                      # Set-Cookie: SRV=two",
                "REWRITE # Set-Cookie: SRV=\"a;b\"; path=/       # Set-Cookie: SRV=two; path=/",
                "REWRITE # Set-Cookie: SRV = app ; path=/        # Set-Cookie: SRV = two ; path=/",
                "REWRITE # Set-Cookie: a=1@Set-Cookie: SRV=x; HttpOnly@Set-Cookie: c=1"
                        + " # Set-Cookie: a=1 + Set-Cookie: SRV=two; HttpOnly + Set-Cookie: c=1",
                "REWRITE # Set-Cookie: srv=1                     # Set-Cookie: srv=1",
                "REWRITE # ``                                    # ``",
                "PASSIVE # Set-Cookie: SRV=app; path=/x          # Set-Cookie: SRV=app; path=/x",
                "PASSIVE # ``                                    # ``"
            })
    void theMembersOwnCookieIsMadeToNameIt(Mode mode, String lines, String sent) {
        String given = lines.isEmpty() ? "" : lines.replace("@", "\r\n") + "\r\n";
        StickyConfig config = StickyConfig.named("SRV").with().mode(mode).build();

        assertThat(answer(config, "", given)).isEqualTo(sent);
        assertThat(answer(config, "Cookie: SRV=two\r\n", given)).isEqualTo(sent);
    }

    @ParameterizedTest
    @CsvSource({"PASSIVE,SRV=app", "PREFIX,SRV=two~app"})
    void anIndirectCookieIsNotSetAgain(Mode mode, String sent) {
        StickyConfig config =
                StickyConfig.named("SRV").with().mode(mode).indirect(true).build();

        assertThat(answer(config, "Cookie: SRV=two\r\n", "Set-Cookie: SRV=app\r\n"))
                .isEmpty();
        assertThat(answer(config, "", "Set-Cookie: SRV=app\r\n")).isEqualTo("Set-Cookie: " + sent);
    }

    @Test
    void anAnswerFromAnotherMemberThanAskedForIsCounted() {
        StickyScene scene = new StickyScene(INSERT);
        scene.request("Cookie: SRV=one\r\n");
        scene.response(scene.member("two"), "");
        scene.request("Cookie: SRV=two\r\n");
        scene.response(scene.member("two"), "");

        assertThat(scene.counters.read(PoolCounter.STICKY_HITS)).isEqualTo(2);
        assertThat(scene.counters.read(PoolCounter.STICKY_REDISPATCHES)).isEqualTo(1);
    }

    @Test
    void aMemberThatTheSnapshotDoesNotHaveIsNotNamed() {
        StickyScene scene = new StickyScene(INSERT);
        scene.request("");
        var gone = scene.member("two");
        scene.offer(StickyScene.ONE);

        assertThat(scene.response(gone, "").lines("set-cookie")).isEmpty();
    }

    // Dates.

    /** Returns whom the cookie named and what was set at 1,700,000,002 s of Unix time, which rounds up to ZVPxB. */
    private static String dated(StickyConfig config, String cookie) {
        StickyScene scene = new StickyScene(config);
        scene.clock.advance(Duration.ofSeconds(2));
        String asked = scene.request("Cookie: SRV=" + cookie + "\r\n").named();
        String set = scene.response(scene.member("two"), "").lines("set-cookie");
        return (asked + " " + set.replace("Set-Cookie: ", "")).strip();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '#',
            quoteCharacter = '`',
            value = {
                "30 # 3600 # ``              # - SRV=two|ZVPxB|ZVPxB; path=/",
                "30 # 3600 # two             # two SRV=two|ZVPxB|ZVPxB; path=/",
                "30 # 3600 # two|ZVPxB|ZVPxB # two ",
                "30 # 3600 # two|ZVPxBxyz|ZVPw/qqq # two ",
                "30 # 3600 # two|ZVPw+|ZVPw+ # two SRV=two|ZVPxB|ZVPw+; path=/",
                "30 # 3600 # two|ZVPw4|ZVPw+ # - SRV=two|ZVPxB|ZVPxB; path=/",
                "30 # 3600 # two|ZVPw+|ZVPi0 # - SRV=two|ZVPxB|ZVPxB; path=/",
                "30 # 3600 # nope|ZVPw+|ZVPw+ # - SRV=two|ZVPxB|ZVPw+; path=/",
                "30 # 3600 # two|%%%%%       # two SRV=two|ZVPxB|ZVPxB; path=/",
                "30 # 3600 # two|abc         # two SRV=two|ZVPxB|ZVPxB; path=/",
                "30 # 3600 # two|AAAAA|AAAAA # two SRV=two|ZVPxB|ZVPxB; path=/",
                "30 # 3600 # two|zzzzz       # - SRV=two|ZVPxB|ZVPxB; path=/",
                "30 # 0    # ``              # - SRV=two|ZVPxB; path=/",
                "30 # 0    # two|ZVPxB|ZVPw+ # two SRV=two|ZVPxB; path=/",
                "0  # 30   # ``              # - SRV=two|ZVPxB|ZVPxB; path=/",
                "0  # 30   # two|ZVPxB|ZVPw+ # two ",
                "0  # 30   # two|ZVPxB|ZVPw0 # - SRV=two|ZVPxB|ZVPxB; path=/",
                "0  # 0    # two|ZVPxB       # two ",
                "0  # 0    # two|ZVPw+       # two SRV=two; path=/",
                "0  # 0    # two|ZVPxB|ZVPxB # two SRV=two; path=/"
            })
    void datesAreKeptAndHeeded(int idleSeconds, int lifeSeconds, String cookie, String outcome) {
        StickyConfig config = INSERT.with()
                .maxIdle(Duration.ofSeconds(idleSeconds))
                .maxLife(Duration.ofSeconds(lifeSeconds))
                .build();

        assertThat(dated(config, cookie)).isEqualTo(outcome);
    }

    @Test
    void aDateIsWhatHaproxyWrites() {
        HeadWriter out = new HeadWriter();
        CookieDate.write(1_795_215_468, out);

        assertThat(out.toString()).isEqualTo("|awDQb");
        assertThat(CookieDate.read(Heads.bytes("awDQb"), 0, 5)).isEqualTo(1_795_215_468);
        assertThat(CookieDate.read(Heads.bytes("+/09Zaz"), 0, 7) >> 2).isEqualTo(0x3eff4f59);
    }
}
