package io.myelin.log;

import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a listener logs of its requests or tunnels, and where to.
 *
 * @param destinations each gets every line
 * @param layout how a line looks
 * @param format the line of {@link Layout#HAPROXY}; {@code null} for that of {@code option httplog} or {@code tcplog}
 * @param skipsNormal whether what went well is left out
 * @param skipsEmpty whether connections that brought no byte are left out
 * @param separatesErrors whether what did not go well is logged at a higher level
 * @param requestHeaders fields of the request to show
 * @param responseHeaders fields of the response to show
 */
public record AccessConfig(
        List<Destination> destinations,
        Layout layout,
        @Nullable LogFormat format,
        boolean skipsNormal,
        boolean skipsEmpty,
        boolean separatesErrors,
        List<Capture> requestHeaders,
        List<Capture> responseHeaders) {
    /** Text on standard output. */
    public static final AccessConfig DEFAULT =
            new AccessConfig(List.of(Destination.STDOUT), Layout.TEXT, null, false, true, false, List.of(), List.of());

    /** How a line looks. */
    public enum Layout {
        /** Like the combined format of web servers, with further fields. */
        TEXT,
        /** One object a line. */
        JSON,
        /** As HAProxy writes it. */
        HAPROXY
    }

    /**
     * A header field to show.
     *
     * @param name in any case
     * @param length how many characters of its value
     */
    public record Capture(String name, int length) {
        public Capture {
            if (length < 1) {
                throw new IllegalArgumentException("length: " + length + " (expected: >= 1)");
            }
        }
    }

    public AccessConfig {
        destinations = List.copyOf(destinations);
        requestHeaders = List.copyOf(requestHeaders);
        responseHeaders = List.copyOf(responseHeaders);
    }

    /** Returns a builder that begins with these settings. */
    public Builder with() {
        return new Builder(this);
    }

    /** Changes some of the settings and keeps the others. */
    @OwnedBy(Owner.BUILDER)
    public static final class Builder {
        private List<Destination> destinations;
        private Layout layout;
        private @Nullable LogFormat format;
        private boolean skipsNormal;
        private boolean skipsEmpty;
        private boolean separatesErrors;
        private List<Capture> requestHeaders;
        private List<Capture> responseHeaders;

        private Builder(AccessConfig settings) {
            destinations = settings.destinations;
            layout = settings.layout;
            format = settings.format;
            skipsNormal = settings.skipsNormal;
            skipsEmpty = settings.skipsEmpty;
            separatesErrors = settings.separatesErrors;
            requestHeaders = settings.requestHeaders;
            responseHeaders = settings.responseHeaders;
        }

        public Builder destinations(List<Destination> newDestinations) {
            destinations = newDestinations;
            return this;
        }

        public Builder layout(Layout newLayout) {
            layout = newLayout;
            return this;
        }

        public Builder format(@Nullable LogFormat newFormat) {
            format = newFormat;
            return this;
        }

        public Builder skipsNormal(boolean newSkipsNormal) {
            skipsNormal = newSkipsNormal;
            return this;
        }

        public Builder skipsEmpty(boolean newSkipsEmpty) {
            skipsEmpty = newSkipsEmpty;
            return this;
        }

        public Builder separatesErrors(boolean newSeparatesErrors) {
            separatesErrors = newSeparatesErrors;
            return this;
        }

        public Builder requestHeaders(List<Capture> newRequestHeaders) {
            requestHeaders = newRequestHeaders;
            return this;
        }

        public Builder responseHeaders(List<Capture> newResponseHeaders) {
            responseHeaders = newResponseHeaders;
            return this;
        }

        public AccessConfig build() {
            return new AccessConfig(
                    destinations,
                    layout,
                    format,
                    skipsNormal,
                    skipsEmpty,
                    separatesErrors,
                    requestHeaders,
                    responseHeaders);
        }
    }
}
