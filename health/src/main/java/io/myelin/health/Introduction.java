package io.myelin.health;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.myelin.model.ProxyVersion;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;

/** What an endpoint is told first by a check: a PROXY header that names nobody, or nothing. */
enum Introduction {
    NONE(""),
    /** Version 1, of an unknown client. */
    V1("PROXY UNKNOWN\r\n"),
    /** Version 2, whose byte 0x20, a space, says LOCAL: the sender speaks for itself. */
    V2("\r\n\r\n\0\r\nQUIT\n \0\0\0");

    private final String text;

    Introduction(String text) {
        this.text = text;
    }

    static Introduction of(ProxyVersion version) {
        return switch (version) {
            case OFF -> NONE;
            case V1 -> V1;
            case V2 -> V2;
        };
    }

    /** Writes it to a connection that stands. */
    void writeTo(Channel channel) {
        if (this != NONE) {
            channel.writeAndFlush(Unpooled.copiedBuffer(text, ISO_8859_1), channel.voidPromise());
        }
    }
}
