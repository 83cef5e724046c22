package io.myelin.admin;

import com.fasterxml.jackson.core.JsonGenerator;
import io.myelin.httpd.Body;
import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.function.Function;

/** JSON that is written in steps: as much as fits between two of them is in memory. */
@OwnedBy(Owner.ADMIN_LOOP)
public final class JsonBody implements Body {
    private final Iterator<Step> steps;
    private final JsonGenerator json;
    private final String ending;
    private ByteBuf text = Unpooled.EMPTY_BUFFER;

    /** A little of the text. */
    @FunctionalInterface
    public interface Step {
        void write(JsonGenerator json) throws IOException;
    }

    JsonBody(Iterator<Step> steps) {
        this(steps, Json::generator, "\n");
    }

    /**
     * Creates a body.
     *
     * @param dialect makes what writes to the stream that it is given
     * @param ending what stands behind the JSON
     */
    public JsonBody(Iterator<Step> steps, Function<OutputStream, JsonGenerator> dialect, String ending) {
        this.steps = steps;
        this.ending = ending;
        this.json = dialect.apply(new OutputStream() {
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
            ByteBufUtil.writeAscii(next, ending);
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            text = Unpooled.EMPTY_BUFFER;
        }
    }
}
