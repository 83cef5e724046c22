package io.myelin.net;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.net.ProxyHeader.State;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.haproxy.HAProxyMessage;
import io.netty.handler.codec.haproxy.HAProxyMessageDecoder;
import io.netty.util.NetUtil;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Arrays;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Whatever is taken for a header that names a client names the same one to Netty's own decoder. */
class ProxyHeaderDifferentialTest {
    private static final int ROUNDS = 4_000;
    private static final String[] LINES = {
        "PROXY TCP4 10.0.0.1 10.0.0.2 4660 80\r\n", "PROXY TCP6 2001:db8::1 fe80::2:3 1 65535\r\n", "PROXY UNKNOWN\r\n"
    };
    private static final String CHARACTERS = "0123456789abcf:. \r\nTCP46UNKOW";

    private final Random random = new Random(20_261_120);

    @Test
    void linesThatAreNearlyHeadersMeanTheSame() {
        int understood = 0;
        for (int round = 0; round < ROUNDS; round++) {
            StringBuilder line = new StringBuilder(LINES[random.nextInt(LINES.length)]);
            for (int change = random.nextInt(3); change > 0; change--) {
                char other = CHARACTERS.charAt(random.nextInt(CHARACTERS.length()));
                int at = 6 + random.nextInt(line.length() - 6);
                switch (random.nextInt(3)) {
                    case 0 -> line.setCharAt(at, other);
                    case 1 -> line.insert(at, other);
                    default -> line.deleteCharAt(at);
                }
            }
            understood += compare(line.toString().getBytes(ISO_8859_1)) ? 1 : 0;
        }
        assertThat(understood).isBetween(ROUNDS / 20, ROUNDS * 19 / 20);
    }

    @Test
    void binaryHeadersThatAreNearlyRightMeanTheSame() {
        int understood = 0;
        for (int round = 0; round < ROUNDS; round++) {
            boolean four = random.nextBoolean();
            byte[] rest = new byte[(four ? 12 : 36) + random.nextInt(3) * 5];
            random.nextBytes(rest);
            for (int tlv = four ? 12 : 36; tlv < rest.length; tlv += 5) {
                rest[tlv] = 4;
                rest[tlv + 1] = 0;
                rest[tlv + 2] = (byte) (random.nextInt(8) == 0 ? 3 : 2);
            }
            byte[] header = ProxyHeaderParserTest.binary(0x21, four ? 0x11 : 0x21, rest);
            if (random.nextInt(4) == 0) {
                header[12 + random.nextInt(4)] ^= (byte) (1 << random.nextInt(8));
            }
            understood += compare(header) ? 1 : 0;
        }
        assertThat(understood).isBetween(ROUNDS / 20, ROUNDS * 19 / 20);
    }

    /** Returns whether the bytes were taken for a header that names a client. */
    private static boolean compare(byte[] bytes) {
        ProxyHeader ours = ProxyHeaderParser.parse(bytes, bytes.length);
        ConnectionEnds ends = ours.ends();
        if (ours.state() != State.COMPLETE || ends == null || port(ends.peer()) == 0 || port(ends.local()) == 0) {
            // Netty refuses port 0, which the specification has in its range.
            return false;
        }
        HAProxyMessage theirs = decode(Arrays.copyOf(bytes, ours.length()));
        assertThat(theirs).as(new String(bytes, ISO_8859_1)).isNotNull();
        if (theirs != null) {
            assertThat(ends.peer()).isEqualTo(address(theirs.sourceAddress(), theirs.sourcePort()));
            assertThat(ends.local()).isEqualTo(address(theirs.destinationAddress(), theirs.destinationPort()));
            theirs.release();
        }
        return true;
    }

    private static @Nullable HAProxyMessage decode(byte[] bytes) {
        EmbeddedChannel channel = new EmbeddedChannel(new HAProxyMessageDecoder());
        try {
            channel.writeInbound(Unpooled.wrappedBuffer(bytes));
            return channel.readInbound();
        } finally {
            channel.finishAndReleaseAll();
        }
    }

    private static int port(SocketAddress end) {
        return ((InetSocketAddress) end).getPort();
    }

    private static InetSocketAddress address(String text, int port) {
        return new InetSocketAddress(NetUtil.createInetAddressFromIpAddressString(text), port);
    }
}
