package io.myelin.statsd;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lines sent to one address in datagrams, several in each. Nothing ever waits: what cannot be sent is lost. */
@OwnedBy(Owner.TOOLS)
final class Datagrams implements Closeable {
    private static final Logger log = LoggerFactory.getLogger(Datagrams.class);
    /** Fits into a packet of Ethernet with the headers of IPv6 and UDP. */
    private static final int MOST_BYTES = 1_432;

    private final String host;
    private final int port;
    private final ByteArrayOutputStream lines = new ByteArrayOutputStream(MOST_BYTES);
    private @Nullable DatagramChannel channel;
    private boolean complained;

    Datagrams(String host, int port) {
        this.host = host;
        this.port = port;
    }

    /** Takes a line, to be sent by the next {@link #flush} or before. */
    void add(String line) {
        byte[] bytes = line.getBytes(UTF_8);
        if (bytes.length > MOST_BYTES) {
            return;
        }
        if (lines.size() > 0 && lines.size() + 1 + bytes.length > MOST_BYTES) {
            flush();
        }
        if (lines.size() > 0) {
            lines.write('\n');
        }
        lines.write(bytes, 0, bytes.length);
    }

    /** Sends what was taken. */
    void flush() {
        if (lines.size() == 0) {
            return;
        }
        ByteBuffer packet = ByteBuffer.wrap(lines.toByteArray());
        lines.reset();
        try {
            DatagramChannel open = channel == null ? open() : channel;
            channel = open;
            open.write(packet);
            complained = false;
        } catch (IOException e) {
            lose(e);
        }
    }

    /** Looks the host up anew after every failure, since it may have moved. */
    private DatagramChannel open() throws IOException {
        InetSocketAddress address = new InetSocketAddress(host, port);
        if (address.isUnresolved()) {
            throw new IOException("unknown host " + host);
        }
        DatagramChannel opened = DatagramChannel.open();
        try {
            opened.configureBlocking(false);
            opened.connect(address);
            return opened;
        } catch (IOException e) {
            opened.close();
            throw e;
        }
    }

    private void lose(IOException reason) {
        close();
        if (!complained) {
            complained = true;
            log.warn("Metrics are lost, tried again: host={} port={} error={}", host, port, String.valueOf(reason));
        }
    }

    @Override
    public void close() {
        DatagramChannel open = channel;
        channel = null;
        try {
            if (open != null) {
                open.close();
            }
        } catch (IOException e) {
            log.debug("A socket for metrics could not be closed", e);
        }
    }
}
