package io.myelin.httpd;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;

/** Reads bodies to their end. */
public final class Bodies {
    private Bodies() {}

    public static String read(Body body) {
        ByteBuf text = Unpooled.buffer();
        while (body.writeNext(text)) {
            // The next piece is added behind this one.
        }
        return text.toString(StandardCharsets.UTF_8);
    }
}
