package io.myelin.httpd;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.util.Iterator;
import java.util.function.BiConsumer;

/**
 * The text of an answer, which is made a little at a time while it is sent, so that its length costs no memory.
 *
 * <p>Asked by the event loop that sends it, once until it ends.
 */
@FunctionalInterface
public interface Body {
    /** An answer without text. */
    Body EMPTY = text -> false;

    /**
     * Adds the next little to {@code text}, borrowed and in UTF-8: a line or a few, so that other work can come between
     * two of them.
     *
     * @return whether there may be more
     */
    boolean writeNext(ByteBuf text);

    /** Returns a text that is there already. */
    static Body of(String whole) {
        return text -> {
            ByteBufUtil.writeUtf8(text, whole);
            return false;
        };
    }

    /** Returns what {@code writer} makes of one item after the other. */
    static <T> Body each(Iterator<? extends T> items, BiConsumer<? super T, ByteBuf> writer) {
        return text -> {
            if (items.hasNext()) {
                writer.accept(items.next(), text);
            }
            return items.hasNext();
        };
    }
}
