package io.myelin.http;

import io.myelin.failure.Failure;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.EnumMap;
import java.util.Map;

/** Turns a {@link Failure} into the response that a client is given. */
final class FailureResponse {
    /** Names the failure, for people and for programs that retry. */
    static final String HEADER = "X-Myelin-Failure";

    private static final Map<Failure, byte[]> BODIES = new EnumMap<>(Failure.class);
    private static final Map<Failure, byte[]> HEADS = new EnumMap<>(Failure.class);

    static {
        for (Failure failure : Failure.values()) {
            byte[] body =
                    Phrases.ascii(failure.status() + " " + reason(failure.status()) + ": " + failure.label() + "\n");
            BODIES.put(failure, body);
            HEADS.put(
                    failure,
                    Phrases.ascii("HTTP/1.1 " + failure.status() + " " + reason(failure.status())
                            + "\r\nContent-Type: text/plain\r\nCache-Control: no-cache\r\nContent-Length: "
                            + body.length + "\r\n" + HEADER + ": " + failure.label() + "\r\n"));
        }
    }

    private FailureResponse() {}

    /**
     * Returns the response, which the caller takes over.
     *
     * @param withBody whether the request was one whose response has a body
     * @param close whether the connection ends after it
     */
    static ByteBuf of(Failure failure, boolean withBody, boolean close, ByteBufAllocator allocator) {
        byte[] head = HEADS.getOrDefault(failure, new byte[0]);
        byte[] body = BODIES.getOrDefault(failure, new byte[0]);
        ByteBuf out = allocator.directBuffer(head.length + body.length + Phrases.CLOSE_LINE.length + 2);
        out.writeBytes(head);
        if (close) {
            out.writeBytes(Phrases.CLOSE_LINE);
        }
        out.writeByte(Octets.CR).writeByte(Octets.LF);
        if (withBody) {
            out.writeBytes(body);
        }
        return out;
    }

    private static String reason(int status) {
        return switch (status) {
            case 400 -> "Bad Request";
            case 408 -> "Request Timeout";
            case 413 -> "Content Too Large";
            case 414 -> "URI Too Long";
            case 431 -> "Request Header Fields Too Large";
            case 501 -> "Not Implemented";
            case 502 -> "Bad Gateway";
            case 503 -> "Service Unavailable";
            case 504 -> "Gateway Timeout";
            case 505 -> "HTTP Version Not Supported";
            default -> "Client Closed Request";
        };
    }
}
