package io.myelin.launcher.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.model.Protocol;
import io.myelin.server.BindAddress;
import io.myelin.server.ListenerStatus;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;

class AnnouncementTest {
    @Test
    void aListenerIsAnnouncedWithThePortItGot() {
        ListenerStatus status =
                new ListenerStatus("web", new BindAddress("127.0.0.1", 0), true, 3213, Protocol.HTTP, 0, 0, null);

        assertThat(Announcement.listening(status)).isEqualTo("listening web http 127.0.0.1:3213");
    }

    @Test
    void aTakenPortIsNamedWithTheRemedy() {
        assertThat(failed("address already in use"))
                .isEqualTo("listener web 127.0.0.1:80: address already in use"
                        + " (expected: a free port); the rest runs, and a reload tries again");
    }

    @Test
    void aForbiddenPortIsNamedWithTheRemedy() {
        assertThat(failed("Permission denied")).contains("a port that this user may bind");
    }

    @Test
    void anErrorThatSaysWhatIsExpectedGetsNoSecondRemedy() {
        assertThat(failed("no such host (expected: a name)"))
                .isEqualTo("listener web 127.0.0.1:80: no such host (expected: a name)"
                        + "; the rest runs, and a reload tries again");
    }

    @Test
    void theAdminAddressCanBePastedIntoABrowser() throws UnknownHostException {
        byte[] loopback6 = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};
        assertThat(Announcement.admin(
                        new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), 9901), false))
                .isEqualTo("admin http://127.0.0.1:9901");
        assertThat(Announcement.url(new InetSocketAddress(InetAddress.getByAddress(loopback6), 9901), true))
                .isEqualTo("https://[0:0:0:0:0:0:0:1]:9901");
    }

    private static String failed(String error) {
        BindAddress address = new BindAddress("127.0.0.1", 80);
        return Announcement.failed(new ListenerStatus("web", address, false, 0, Protocol.HTTP, 0, 0, error), error);
    }
}
