package io.myelin.admin;

import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;

/** Writes series in one of Prometheus's text formats, without an object for each. */
@OwnedBy(Owner.ADMIN_LOOP)
public final class MetricText {
    /*
     * Text format 0.0.4 and OpenMetrics 1.0.0 (https://prometheus.io/docs/instrumenting/exposition_formats/) write the
     * same lines, but that OpenMetrics calls the family of a counter by its name without _total, and ends in # EOF.
     * Labels stand in the order of their names; the caller names them so.
     */
    private static final String OPEN_METRICS = "application/openmetrics-text";
    private static final String COUNTER_SUFFIX = "_total";
    /** Up to here every whole number is a double of its own. */
    private static final double MOST_WHOLE = 1L << 53;

    private final boolean openMetrics;
    private ByteBuf out = Unpooled.EMPTY_BUFFER;
    private Family<?> family = Family.gauge("", "", (subject, text) -> {});
    private String suffix = "";
    private boolean headed;
    private boolean labelled;

    MetricText(boolean openMetrics) {
        this.openMetrics = openMetrics;
    }

    /** Creates what writes the format that a scraper prefers who accepts those media types. */
    public static MetricText preferredBy(String accept) {
        return new MetricText(accept.contains(OPEN_METRICS));
    }

    /** Returns the media type of what is written. */
    public String contentType() {
        return openMetrics
                ? OPEN_METRICS + "; version=1.0.0; charset=utf-8"
                : "text/plain; version=0.0.4; charset=utf-8";
    }

    /** Writes to {@code text} from now on, borrowed. */
    void to(ByteBuf text) {
        out = text;
    }

    /** Begins a family, of which nothing is written before its first series. */
    void begin(Family<?> newFamily) {
        family = newFamily;
        headed = false;
    }

    /** Writes what the format ends with. */
    void end() {
        if (openMetrics) {
            ascii("# EOF\n");
        }
    }

    /** Begins a series whose name is that of the family and {@code newSuffix}. */
    public MetricText suffixed(String newSuffix) {
        suffix = newSuffix;
        return this;
    }

    public MetricText label(String name, String value) {
        if (labelled) {
            out.writeByte(',');
        } else {
            beginSeries();
            out.writeByte('{');
            labelled = true;
        }
        ascii(name);
        ascii("=\"");
        ByteBufUtil.writeUtf8(out, escaped(value));
        out.writeByte('"');
        return this;
    }

    /** Ends the series with its value. */
    public void value(long number) {
        endName();
        whole(number);
        ascii(".0\n");
    }

    /** Ends the series with its value. */
    public void value(double number) {
        endName();
        if (Math.rint(number) == number && Math.abs(number) <= MOST_WHOLE) {
            whole((long) number);
            ascii(".0\n");
        } else {
            ascii(bound(number));
            out.writeByte('\n');
        }
    }

    private void endName() {
        if (labelled) {
            out.writeByte('}');
        } else {
            beginSeries();
        }
        labelled = false;
        suffix = "";
        out.writeByte(' ');
    }

    /** Writes the series of a histogram whose only label of its own is {@code name}. */
    void histogram(SecondsBuckets buckets, String name, String value) {
        long below = 0;
        for (int bucket = 0; bucket < buckets.length(); bucket++) {
            below += buckets.countOf(bucket);
            suffixed("_bucket").label(name, value).label("le", bound(buckets.bound(bucket)));
            value(below);
        }
        suffixed("_count").label(name, value).value(buckets.count());
        suffixed("_sum").label(name, value).value(buckets.sum());
    }

    private void beginSeries() {
        if (!headed) {
            headed = true;
            writeHead();
        }
        ascii(family.name());
        ascii(suffix);
    }

    private void writeHead() {
        String name = family.name();
        boolean shortened = openMetrics && family.kind() == Family.Kind.COUNTER;
        String title = shortened ? name.substring(0, name.length() - COUNTER_SUFFIX.length()) : name;
        ascii("# TYPE " + title + " " + family.kind().label() + "\n");
        ascii("# HELP " + title + " " + family.help() + "\n");
    }

    private void whole(long number) {
        if (number < 0) {
            out.writeByte('-');
        }
        long rest = Math.abs(number);
        long unit = 1;
        while (rest / unit >= 10) {
            unit *= 10;
        }
        for (; unit > 0; unit /= 10) {
            out.writeByte('0' + (int) (rest / unit % 10));
        }
    }

    private static String bound(double number) {
        return number == Double.POSITIVE_INFINITY ? "+Inf" : Double.toString(number);
    }

    private void ascii(String text) {
        ByteBufUtil.writeAscii(out, text);
    }

    /** Returns what stands between quotes for {@code value}, which may come from a registry. */
    private static String escaped(String value) {
        for (int at = 0; at < value.length(); at++) {
            char c = value.charAt(at);
            if (c == '\\' || c == '"' || c == '\n') {
                return value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
            }
        }
        return value;
    }
}
