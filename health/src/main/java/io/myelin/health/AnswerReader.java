package io.myelin.health;

import static io.myelin.health.CheckStatus.L7OK;
import static io.myelin.health.CheckStatus.L7RSP;
import static io.myelin.health.CheckStatus.L7STS;

import io.myelin.health.CheckConfig.Expectation;
import io.myelin.health.CheckConfig.Expectation.Kind;
import io.myelin.health.CheckConfig.HttpCheck;
import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import io.netty.buffer.ByteBuf;
import io.netty.util.ByteProcessor;
import java.util.Locale;
import java.util.function.IntPredicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads one HTTP/1 answer as far as it takes to know whether it is the expected one. */
@OwnedBy(Owner.HEALTH_LOOP)
final class AnswerReader implements ByteProcessor {
    /*
     * The answer is looked at byte by byte and not kept: a status rule needs the first line only, a body rule the
     * fields that frame the body and then the body. Interim answers (1xx) are skipped.
     */
    private static final int HEAD_LIMIT = 64 * 1024;
    private static final String BEGINNING = "HTTP/1.";
    private static final Pattern STATUS_LINE =
            Pattern.compile("HTTP/1\\.[01] ([1-9]\\d\\d)(?: [\\t\\x20-\\x7e\\x80-\\xff]*)?");
    private static final Pattern LENGTH = Pattern.compile("\\d{1,18}");

    private enum Stage {
        STATUS_LINE("status line"),
        FIELDS("end of head"),
        BODY("end of body");

        private final String awaited;

        Stage(String awaited) {
            this.awaited = awaited;
        }
    }

    private final Expectation expectation;
    private final IntPredicate codes;
    private final boolean headOnly;
    private final StringBuilder line = new StringBuilder();
    private Stage stage = Stage.STATUS_LINE;
    private int headBytes;
    private int code;
    private boolean chunked;
    private long length = -1;
    private @Nullable BodyReader body;
    private @Nullable Finding finding;

    AnswerReader(HttpCheck check) {
        expectation = check.expect();
        codes = expectation.codes();
        headOnly = check.method().equals("HEAD");
    }

    /** Borrows {@code bytes} and returns the finding once there is one. */
    @Nullable
    Finding read(ByteBuf bytes) {
        bytes.forEachByte(this);
        return finding;
    }

    /** Returns what it means that the endpoint closed the connection now. */
    Finding closed() {
        return body != null && body.mayEndHere() ? verdictOnBody(body.foundInAll()) : broken("closed");
    }

    /** Returns what it means that the connection broke now, {@code how} being such as {@code reset}. */
    Finding broken(String how) {
        return new Finding(L7RSP, code, afterStatus(how + " before " + stage.awaited));
    }

    /** Returns what the reader is waiting for, for people. */
    String awaited() {
        return stage.awaited;
    }

    @Override
    public boolean process(byte value) {
        if (body != null) {
            body.accept(value);
            lookAt(body);
        } else if (++headBytes > HEAD_LIMIT) {
            finding = malformed("head exceeds " + HEAD_LIMIT + " bytes");
        } else if (value == '\n') {
            endOfLine();
        } else {
            line.append((char) (value & 0xff));
            refuseGarbage();
        }
        return finding == null;
    }

    /** Ends a hopeless answer at once, since what does not speak HTTP may never send the end of a line. */
    private void refuseGarbage() {
        int last = line.length() - 1;
        if (stage == Stage.STATUS_LINE && last < BEGINNING.length() && line.charAt(last) != BEGINNING.charAt(last)) {
            finding = malformed("malformed status line");
        }
    }

    private void endOfLine() {
        int end = line.length() - 1;
        if (end >= 0 && line.charAt(end) == '\r') {
            line.setLength(end);
        }
        String text = line.toString();
        line.setLength(0);
        if (stage == Stage.STATUS_LINE) {
            onStatusLine(text);
        } else if (text.isEmpty()) {
            onEndOfHead();
        } else {
            onField(text);
        }
    }

    private void onStatusLine(String text) {
        Matcher matcher = STATUS_LINE.matcher(text);
        if (!matcher.matches()) {
            finding = malformed("malformed status line");
            return;
        }
        code = Integer.parseInt(matcher.group(1));
        stage = Stage.FIELDS;
        if (interim()) {
            return;
        }
        boolean expected = codes.test(code) != expectation.negated();
        boolean hopeless = !expectation.kind().bodyOnly() && !codes.test(code);
        if (!expectation.kind().body()) {
            finding = new Finding(expected ? L7OK : L7STS, code, "http " + code);
        } else if (hopeless) {
            finding = new Finding(L7STS, code, "http " + code);
        }
    }

    private void onField(String text) {
        int colon = text.indexOf(':');
        String name = colon < 0 ? "" : text.substring(0, colon).toLowerCase(Locale.ROOT);
        String value = text.substring(colon + 1).strip();
        if (name.equals("transfer-encoding")) {
            chunked = value.toLowerCase(Locale.ROOT).endsWith("chunked");
        } else if (name.equals("content-length")) {
            if (LENGTH.matcher(value).matches()) {
                length = Long.parseLong(value);
            } else {
                finding = malformed("malformed content-length");
            }
        }
    }

    private void onEndOfHead() {
        if (interim()) {
            stage = Stage.STATUS_LINE;
            code = 0;
            return;
        }
        stage = Stage.BODY;
        body = newBody(whole() ? null : expectation.search());
        lookAt(body);
    }

    private BodyReader newBody(@Nullable BodySearch search) {
        if (headOnly || code == 204 || code == 304) {
            return BodyReader.ofLength(0, search);
        }
        if (chunked) {
            return BodyReader.chunked(search);
        }
        return length < 0 ? BodyReader.untilClose(search) : BodyReader.ofLength(length, search);
    }

    private void lookAt(BodyReader reader) {
        if (reader.found() || reader.over()) {
            finding = verdictOnBody(reader.foundInAll());
        } else if (reader.malformed()) {
            finding = malformed("malformed chunk");
        }
    }

    private Finding verdictOnBody(boolean contained) {
        if (whole() || contained != expectation.negated()) {
            return new Finding(L7OK, code, "http " + code);
        }
        String relation = contained ? "contains" : "lacks";
        String what = expectation.kind() == Kind.BODY_MATCHES ? " what matches \"" : " \"";
        return new Finding(L7RSP, code, afterStatus("body " + relation + what + expectation.text() + "\""));
    }

    private boolean whole() {
        return expectation.kind() == Kind.STATUS_AND_WHOLE_BODY;
    }

    private boolean interim() {
        return code < 200 && code != 101;
    }

    private Finding malformed(String what) {
        return new Finding(L7RSP, code, afterStatus(what));
    }

    private String afterStatus(String what) {
        return code == 0 ? what : "http " + code + ", " + what;
    }
}
