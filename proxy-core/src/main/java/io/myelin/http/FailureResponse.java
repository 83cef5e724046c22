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
            BODIES.put(failure, body(failure, failure.status()));
            HEADS.put(failure, head(failure, failure.status()));
        }
    }

    private FailureResponse() {}

    private static byte[] body(Failure failure, int status) {
        return Phrases.ascii(status + " " + reason(status) + ": " + failure.label() + "\n");
    }

    private static byte[] head(Failure failure, int status) {
        return Phrases.ascii("HTTP/1.1 " + status + " " + reason(status)
                + "\r\nContent-Type: text/plain\r\nCache-Control: no-cache\r\nContent-Length: "
                + body(failure, status).length + "\r\n" + HEADER + ": " + failure.label() + "\r\n");
    }

    /**
     * Returns the response, which the caller takes over.
     *
     * @param pages the listener's own, by status
     * @param withBody whether the request was one whose response has a body
     * @param close whether the connection ends after it
     */
    static ByteBuf of(
            Failure failure,
            int status,
            Map<Integer, ErrorPage> pages,
            boolean withBody,
            boolean close,
            ByteBufAllocator allocator) {
        ErrorPage page = pages.get(status);
        return page == null
                ? of(failure, status, withBody, close, allocator)
                : page.response(failure, withBody, close, allocator);
    }

    /** The same in the proxy's own words. */
    private static ByteBuf of(
            Failure failure, int status, boolean withBody, boolean close, ByteBufAllocator allocator) {
        boolean usual = status == failure.status();
        byte[] head = usual ? HEADS.getOrDefault(failure, new byte[0]) : head(failure, status);
        byte[] body = usual ? BODIES.getOrDefault(failure, new byte[0]) : body(failure, status);
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
            case 200 -> "OK";
            case 400 -> "Bad Request";
            case 401 -> "Unauthorized";
            case 403 -> "Forbidden";
            case 404 -> "Not Found";
            case 405 -> "Method Not Allowed";
            case 407 -> "Proxy Authentication Required";
            case 410 -> "Gone";
            case 413 -> "Content Too Large";
            case 421 -> "Misdirected Request";
            case 422 -> "Unprocessable Content";
            case 425 -> "Too Early";
            case 429 -> "Too Many Requests";
            case 500 -> "Internal Server Error";
            case 408 -> "Request Timeout";
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
