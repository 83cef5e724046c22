package io.myelin.http;

import io.myelin.http.RequestIdConfig.Form;
import io.myelin.http.RequestIdConfig.Mode;
import io.myelin.model.Clock;
import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import io.netty.channel.Channel;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.random.RandomGenerator;

/** Gives requests of one event loop their identity. */
@OwnedBy(Owner.EVENT_LOOP)
final class RequestIds {
    /*
     * An identity is SipHash-1-3 with 128 bits of result (Aumasson and Bernstein 2012) of a counter, under a key that
     * nobody outside the process knows: never the same twice on a loop, not foreseeable from those seen, and made of
     * some thirty additions and rotations, without a lock, a system call or an object.
     */
    private static final byte[] DIGITS = Phrases.ascii("0123456789abcdef");
    private static final byte[] UPPER_DIGITS = Phrases.ascii("0123456789ABCDEF");
    private static final int MOST_BYTES = 128;
    private static final int LONGEST_MADE = 128;
    private static final long PROCESS_ID = ProcessHandle.current().pid();

    private final long key0;
    private final long key1;
    private final int loop;
    private final Clock clock;
    private final byte[] made = new byte[LONGEST_MADE];
    private String header = "";
    private byte[] headerBytes = new byte[0];
    private int length;
    private long counter;
    private long v0;
    private long v1;
    private long v2;
    private long v3;

    /**
     * Creates the identities of one event loop.
     *
     * @param key where the secret comes from
     */
    RequestIds(RandomGenerator key, int loop, Clock clock) {
        this.key0 = key.nextLong();
        this.key1 = key.nextLong();
        this.loop = loop;
        this.clock = clock;
    }

    /**
     * Makes sure that the request has an identity: leaves the one it brings, or adds a line to {@code added} and keeps
     * what it brings from being forwarded. Afterwards {@link #text()} is that identity.
     *
     * @param client the client's connection
     */
    void stamp(RequestHead head, RequestIdConfig config, Channel client, HeadWriter added) {
        Fields fields = head.fields();
        int field = find(fields, config.header());
        if (field >= 0 && config.mode() == Mode.KEEP && usable(fields, field, config.header())) {
            length = fields.valueEnd(field) - fields.valueStart(field);
            System.arraycopy(fields.bytes(), fields.valueStart(field), made, 0, length);
            return;
        }
        for (; field >= 0; field = fields.find(config.header(), field + 1)) {
            fields.drop(field);
        }
        make(config.form(), client);
        writeLine(config.header(), added);
    }

    /** Looks for the usual field where it would have been recognised, without looking at every name. */
    private static int find(Fields fields, String header) {
        boolean usual = header.equals(RequestIdConfig.DEFAULT.header());
        return usual && !fields.has(FieldName.X_REQUEST_ID) ? -1 : fields.find(header, 0);
    }

    /** Returns whether what a client chose can go into logs and headers of others, and is one value. */
    private static boolean usable(Fields fields, int field, String header) {
        int from = fields.valueStart(field);
        int to = fields.valueEnd(field);
        if (to == from || to - from > MOST_BYTES || fields.dropped(field) || fields.find(header, field + 1) >= 0) {
            return false;
        }
        byte[] bytes = fields.bytes();
        for (int i = from; i < to; i++) {
            byte b = bytes[i];
            if (!Octets.isToken(b) && b != ':' && b != '/' && b != '=' && b != '@') {
                return false;
            }
        }
        return true;
    }

    private void make(Form form, Channel client) {
        length = 0;
        switch (form) {
            case HEX -> {
                next();
                hex(v0, 60, 0);
                hex(v1, 60, 0);
            }
            case UUID -> {
                next();
                uuid((v0 & ~0xf000L) | 0x4000L, (v1 & 0x3fff_ffff_ffff_ffffL) | 0x8000_0000_0000_0000L);
            }
            case CONNECTION -> connection(client);
        }
    }

    private void uuid(long high, long low) {
        hex(high, 60, 32);
        made[length++] = '-';
        hex(high, 28, 16);
        made[length++] = '-';
        hex(high, 12, 0);
        made[length++] = '-';
        hex(low, 60, 48);
        made[length++] = '-';
        hex(low, 44, 0);
    }

    private void hex(long value, int fromShift, int toShift) {
        for (int shift = fromShift; shift >= toShift; shift -= 4) {
            made[length++] = DIGITS[(int) (value >>> shift) & 0xf];
        }
    }

    private void connection(Channel client) {
        address(client.remoteAddress());
        made[length++] = '_';
        address(client.localAddress());
        made[length++] = '_';
        number(clock.wallMillis() / 1_000);
        made[length++] = '_';
        number(counter++ * 256 + loop);
        made[length++] = ':';
        number(PROCESS_ID);
    }

    private void address(SocketAddress address) {
        if (address instanceof InetSocketAddress internet) {
            for (byte b : internet.getAddress().getAddress()) {
                made[length++] = UPPER_DIGITS[(b >> 4) & 0xf];
                made[length++] = UPPER_DIGITS[b & 0xf];
            }
            made[length++] = ':';
            number(internet.getPort());
        } else {
            made[length++] = '0';
        }
    }

    /** Writes at least four digits. */
    private void number(long value) {
        int shift = Math.max(12, (63 - Long.numberOfLeadingZeros(value | 1)) / 4 * 4);
        for (; shift >= 0; shift -= 4) {
            made[length++] = UPPER_DIGITS[(int) (value >>> shift) & 0xf];
        }
    }

    private void writeLine(String name, HeadWriter added) {
        if (!name.equals(header)) {
            header = name;
            headerBytes = Phrases.ascii(name + ": ");
        }
        added.bytes(headerBytes);
        added.bytes(made, 0, length);
        added.crlf();
    }

    /** Returns the latest identity. */
    String text() {
        return new String(made, 0, length, StandardCharsets.US_ASCII);
    }

    /** Leaves the next 128 bits in {@code v0} and {@code v1}. */
    private void next() {
        v0 = key0 ^ 0x736f6d6570736575L;
        v1 = key1 ^ 0x646f72616e646f83L;
        v2 = key0 ^ 0x6c7967656e657261L;
        v3 = key1 ^ 0x7465646279746573L;
        absorb(counter++);
        absorb(((long) Long.BYTES << 56) | loop);
        v2 ^= 0xee;
        round();
        round();
        round();
        long high = v0 ^ v1 ^ v2 ^ v3;
        v1 ^= 0xdd;
        round();
        round();
        round();
        long low = v0 ^ v1 ^ v2 ^ v3;
        v0 = high;
        v1 = low;
    }

    private void absorb(long word) {
        v3 ^= word;
        round();
        v0 ^= word;
    }

    private void round() {
        v0 += v1;
        v1 = Long.rotateLeft(v1, 13) ^ v0;
        v0 = Long.rotateLeft(v0, 32);
        v2 += v3;
        v3 = Long.rotateLeft(v3, 16) ^ v2;
        v0 += v3;
        v3 = Long.rotateLeft(v3, 21) ^ v0;
        v2 += v1;
        v1 = Long.rotateLeft(v1, 17) ^ v2;
        v2 = Long.rotateLeft(v2, 32);
    }
}
