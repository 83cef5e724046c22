package io.myelin.net;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.myelin.model.ProxyVersion;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.NetUtil;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;

/** Writes headers of the PROXY protocol: tells a member who its client is. Stateless. */
public final class ProxyHeaderWriter {
    private static final byte[] UNKNOWN = "PROXY UNKNOWN\r\n".getBytes(US_ASCII);
    private static final int PROXY_COMMAND = 0x21;
    private static final int UNSPECIFIED = 0x00;
    private static final int TCP4 = 0x11;
    private static final int TCP6 = 0x21;
    private static final int LONGEST_BYTES = 107;

    private ProxyHeaderWriter() {}

    /**
     * Returns the header that names {@code peer} and {@code local}; the caller takes it over.
     *
     * <p>Ends without IP addresses are named as unknown, and those of two families as IPv6, as HAProxy does it.
     *
     * @param version not {@link ProxyVersion#OFF}
     */
    public static ByteBuf write(
            ProxyVersion version, SocketAddress peer, SocketAddress local, ByteBufAllocator allocator) {
        ByteBuf out = allocator.directBuffer(LONGEST_BYTES);
        boolean internet = peer instanceof InetSocketAddress && local instanceof InetSocketAddress;
        if (version == ProxyVersion.V1) {
            return internet ? line((InetSocketAddress) peer, (InetSocketAddress) local, out) : out.writeBytes(UNKNOWN);
        }
        out.writeBytes(ProxyHeaderParser.SIGNATURE).writeByte(PROXY_COMMAND);
        return internet
                ? addresses((InetSocketAddress) peer, (InetSocketAddress) local, out)
                : out.writeByte(UNSPECIFIED).writeShort(0);
    }

    private static ByteBuf line(InetSocketAddress peer, InetSocketAddress local, ByteBuf out) {
        boolean four = bothFour(peer, local);
        String text = (four ? "PROXY TCP4 " : "PROXY TCP6 ")
                + text(peer.getAddress(), four) + " "
                + text(local.getAddress(), four) + " "
                + peer.getPort() + " " + local.getPort() + "\r\n";
        out.writeCharSequence(text, US_ASCII);
        return out;
    }

    private static ByteBuf addresses(InetSocketAddress peer, InetSocketAddress local, ByteBuf out) {
        boolean four = bothFour(peer, local);
        byte[] source = bytes(peer.getAddress(), four);
        byte[] destination = bytes(local.getAddress(), four);
        out.writeByte(four ? TCP4 : TCP6).writeShort(2 * source.length + 4);
        out.writeBytes(source).writeBytes(destination);
        return out.writeShort(peer.getPort()).writeShort(local.getPort());
    }

    private static boolean bothFour(InetSocketAddress peer, InetSocketAddress local) {
        return peer.getAddress() instanceof Inet4Address && local.getAddress() instanceof Inet4Address;
    }

    private static String text(InetAddress address, boolean four) {
        boolean mapped = !four && address instanceof Inet4Address;
        return (mapped ? "::ffff:" : "") + NetUtil.toAddressString(address);
    }

    private static byte[] bytes(InetAddress address, boolean four) {
        byte[] bytes = address.getAddress();
        if (four || bytes.length == 16) {
            return bytes;
        }
        byte[] mapped = new byte[16];
        mapped[10] = -1;
        mapped[11] = -1;
        System.arraycopy(bytes, 0, mapped, 12, 4);
        return mapped;
    }
}
