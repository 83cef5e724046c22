package io.myelin.net;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.model.ProxyVersion;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.unix.DomainSocketAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ProxyHeaderWriterTest {
    private static final SocketAddress FOUR = new InetSocketAddress("10.0.0.1", 4711);
    private static final SocketAddress OTHER_FOUR = new InetSocketAddress("10.0.0.2", 80);
    private static final SocketAddress SIX = new InetSocketAddress("2001:db8::1", 443);
    private static final SocketAddress UNIX = new DomainSocketAddress("/run/x.sock");

    @Test
    void versionOneIsALine() {
        assertThat(text(FOUR, OTHER_FOUR)).isEqualTo("PROXY TCP4 10.0.0.1 10.0.0.2 4711 80\r\n");
        assertThat(text(SIX, SIX)).isEqualTo("PROXY TCP6 2001:db8::1 2001:db8::1 443 443\r\n");
        assertThat(text(FOUR, SIX)).isEqualTo("PROXY TCP6 ::ffff:10.0.0.1 2001:db8::1 4711 443\r\n");
        assertThat(text(UNIX, UNIX)).isEqualTo("PROXY UNKNOWN\r\n");
    }

    @Test
    void versionTwoNamesNobodyForAUnixSocket() {
        assertThat(ByteBufUtil.hexDump(write(ProxyVersion.V2, UNIX, UNIX)))
                .isEqualTo("0d0a0d0a000d0a515549540a" + "21000000");
    }

    @ParameterizedTest
    @EnumSource(
            value = ProxyVersion.class,
            names = {"V1", "V2"})
    void whatIsWrittenIsReadAgain(ProxyVersion version) {
        for (SocketAddress local : new SocketAddress[] {OTHER_FOUR, SIX}) {
            byte[] bytes = write(version, FOUR, local);

            assertThat(ProxyHeaderParser.parse(bytes, bytes.length))
                    .isEqualTo(ProxyHeader.complete(bytes.length, new ConnectionEnds(FOUR, local)));
        }
    }

    private static String text(SocketAddress peer, SocketAddress local) {
        return new String(write(ProxyVersion.V1, peer, local), ISO_8859_1);
    }

    private static byte[] write(ProxyVersion version, SocketAddress peer, SocketAddress local) {
        ByteBuf header = ProxyHeaderWriter.write(version, peer, local, UnpooledByteBufAllocator.DEFAULT);
        byte[] bytes = ByteBufUtil.getBytes(header);
        header.release();
        return bytes;
    }
}
