package io.myelin.admin;

import com.fasterxml.jackson.core.JsonGenerator;
import io.myelin.httpd.Body;
import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.Iterator;

/** JSON that is written in steps: as much as fits between two of them is in memory. */
@OwnedBy(Owner.ADMIN_LOOP)
final class JsonBody implements Body {
    private final Iterator<Step> steps;
    private final JsonGenerator json;
    private ByteBuf text = Unpooled.EMPTY_BUFFER;

    /** A little of the text. */
    @FunctionalInterface
    interface Step {
        void write(JsonGenerator json) throws IOException;
    }

    JsonBody(Iterator<Step> steps) {
        this.steps = steps;
        this.json = Json.generator(new OutputStream() {
            @Override
            public void write(int octet) {
                text.writeByte(octet);
            }

            @Override
            public void write(byte[] octets, int start, int length) {
                text.writeBytes(octets, start, length);
            }
        });
    }

    @Override
    public boolean writeNext(ByteBuf next) {
        text = next;
        try {
            if (steps.hasNext()) {
                steps.next().write(json);
                json.flush();
                return true;
            }
            json.close();
            next.writeByte('\n');
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            text = Unpooled.EMPTY_BUFFER;
        }
    }
}
