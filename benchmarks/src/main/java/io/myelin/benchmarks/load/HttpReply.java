package io.myelin.benchmarks.load;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import io.netty.buffer.ByteBuf;

/**
 * An HTTP/1.1 reply with a {@code Content-Length}. A reply without one counts as empty and not successful, because its
 * end could only be guessed.
 */
@OwnedBy(Owner.EVENT_LOOP)
final class HttpReply implements Reply {
    private static final int LONGEST_HEAD_BYTES = 16 * 1024;
    private static final byte[] LENGTH = "\r\ncontent-length:".getBytes(US_ASCII);

    private final byte[] head = new byte[LONGEST_HEAD_BYTES];
    private int headBytes;
    private boolean inBody;
    private long missingBytes;
    private boolean successful;

    @Override
    public boolean consume(ByteBuf bytes) {
        if (!inBody && !readHead(bytes)) {
            return false;
        }
        long taken = Math.min(missingBytes, bytes.readableBytes());
        bytes.skipBytes((int) taken);
        missingBytes -= taken;
        inBody = missingBytes > 0;
        return !inBody;
    }

    @Override
    public boolean successful() {
        return successful;
    }

    /** Copies the head, and perhaps the first bytes of the body; returns whether the head is complete. */
    private boolean readHead(ByteBuf bytes) {
        int copied = Math.min(bytes.readableBytes(), LONGEST_HEAD_BYTES - headBytes);
        int searched = Math.max(0, headBytes - 3);
        bytes.readBytes(head, headBytes, copied);
        headBytes += copied;
        int end = endOfHead(searched);
        if (end < 0) {
            if (headBytes == LONGEST_HEAD_BYTES) {
                throw new IllegalStateException("response head: " + headBytes + " bytes without an end");
            }
            return false;
        }
        long length = contentLength(end);
        successful = head[9] == '2' && length >= 0;
        missingBytes = Math.max(0, length - (headBytes - end));
        inBody = true;
        headBytes = 0;
        return true;
    }

    private int endOfHead(int from) {
        for (int at = from; at + 3 < headBytes; at++) {
            if (head[at] == '\r' && head[at + 1] == '\n' && head[at + 2] == '\r' && head[at + 3] == '\n') {
                return at + 4;
            }
        }
        return -1;
    }

    /** Returns the length of the body, -1 if the head does not say. */
    private long contentLength(int end) {
        for (int at = 0; at + LENGTH.length < end; at++) {
            if (head[at] == '\r' && isLength(at)) {
                return number(at + LENGTH.length);
            }
        }
        return -1;
    }

    private boolean isLength(int at) {
        for (int i = 2; i < LENGTH.length; i++) {
            int letter = head[at + i];
            if ((letter >= 'A' && letter <= 'Z' ? letter + 32 : letter) != LENGTH[i]) {
                return false;
            }
        }
        return true;
    }

    private long number(int from) {
        int at = from;
        while (head[at] == ' ') {
            at++;
        }
        long value = 0;
        for (; head[at] >= '0' && head[at] <= '9'; at++) {
            value = value * 10 + head[at] - '0';
        }
        return value;
    }
}
