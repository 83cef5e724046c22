package io.myelin.benchmarks.conformance;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpObjectDecoder;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What Netty's decoder, at its strictest, makes of a stream.
 *
 * @param messages the last one may be incomplete
 * @param broken whether it gave up on what follows them
 */
record NettyReading(List<Message> messages, boolean broken) {
    private static final int LIMIT = 1 << 20;
    private static final Set<String> HOP_BY_HOP =
            Set.of("connection", "keep-alive", "proxy-connection", "te", "trailer", "upgrade", "transfer-encoding");
    private static final Set<String> PROTECTED = Set.of("host", "content-length", "transfer-encoding");

    /**
     * One message.
     *
     * @param start method and target, or status and reason
     * @param fields all of them, in order
     */
    record Message(
            String start, String version, List<Map.Entry<String, String>> fields, String body, boolean complete) {
        /** Returns the fields that concern more than one connection, as {@code name: value}. */
        List<String> endToEnd() {
            Set<String> dropped = new TreeSet<>(HOP_BY_HOP);
            for (String list : values("connection")) {
                Arrays.stream(list.split(",", -1))
                        .map(option -> option.strip().toLowerCase(Locale.ROOT))
                        .filter(option -> !PROTECTED.contains(option))
                        .forEach(dropped::add);
            }
            return fields.stream()
                    .filter(field -> !dropped.contains(field.getKey().toLowerCase(Locale.ROOT)))
                    .map(field -> field.getKey() + ": " + field.getValue())
                    .toList();
        }

        private List<String> values(String name) {
            return fields.stream()
                    .filter(field -> field.getKey().equalsIgnoreCase(name))
                    .map(Map.Entry::getValue)
                    .toList();
        }
    }

    static NettyReading requests(String stream) {
        return read(new HttpRequestDecoder(config()), stream);
    }

    /**
     * Reads responses up to the end of their connection.
     *
     * @param toHead whether they answer HEAD
     */
    static NettyReading responses(String stream, boolean toHead) {
        return read(
                new HttpResponseDecoder(config()) {
                    @Override
                    protected boolean isContentAlwaysEmpty(HttpMessage message) {
                        return toHead || super.isContentAlwaysEmpty(message);
                    }
                },
                stream);
    }

    private static HttpDecoderConfig config() {
        return new HttpDecoderConfig()
                .setMaxInitialLineLength(LIMIT)
                .setMaxHeaderSize(LIMIT)
                .setValidateHeaders(true)
                .setStrictLineParsing(true)
                .setUseRfc9112TransferEncoding(true)
                .setAllowDuplicateContentLengths(false);
    }

    private static NettyReading read(HttpObjectDecoder decoder, String stream) {
        EmbeddedChannel channel = new EmbeddedChannel(decoder);
        List<Message> messages = new ArrayList<>();
        boolean broken = false;
        channel.writeInbound(Unpooled.copiedBuffer(stream, ISO_8859_1));
        channel.finish();
        for (Object object = channel.readInbound(); object != null; object = channel.readInbound()) {
            broken |= object instanceof HttpObject part && part.decoderResult().isFailure();
            if (!broken && object instanceof HttpMessage head) {
                messages.add(begun(head));
            }
            if (!broken && object instanceof HttpContent content) {
                Message last = messages.remove(messages.size() - 1);
                String body = last.body + content.content().toString(ISO_8859_1);
                messages.add(
                        new Message(last.start, last.version, last.fields, body, object instanceof LastHttpContent));
            }
            ReferenceCountUtil.release(object);
        }
        return new NettyReading(messages, broken);
    }

    private static Message begun(HttpMessage head) {
        String start = head instanceof HttpRequest request
                ? request.method() + " " + request.uri()
                : ((HttpResponse) head).status().toString();
        return new Message(start, head.protocolVersion().text(), head.headers().entries(), "", false);
    }

    List<Message> complete() {
        return messages.stream().filter(Message::complete).toList();
    }
}
