package io.myelin.http;

import io.myelin.failure.Failure;
import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an HTTP listener asks of its clients. {@link Duration#ZERO} means no limit.
 *
 * @param requestTimeout how long a client may take to send a request head, from its first byte (or the connection's
 *     start); 408 afterwards
 * @param keepAliveTimeout how long a connection may wait for its next request; closed afterwards
 * @param maxRequestLineBytes 414 beyond it
 * @param maxHeadBytes request line and header fields together; 431 beyond it
 * @param maxHeaderFields 431 beyond it
 * @param forwardedFor what becomes of {@code X-Forwarded-For}
 * @param maxBodyBytes 413 beyond it; 0 for no limit
 * @param maxRequests how many requests one connection may carry; 0 for no limit
 * @param connect whether CONNECT is let in; 501 otherwise
 * @param requestId how requests get an identity
 * @param via what the proxy calls itself in {@code Via}, {@code null} for no such field
 * @param errorPages what takes the place of the proxy's own words, by the status of the failure
 * @param statuses what clients are told of failures instead of {@link Failure#status()}
 */
public record ClientConfig(
        Duration requestTimeout,
        Duration keepAliveTimeout,
        int maxRequestLineBytes,
        int maxHeadBytes,
        int maxHeaderFields,
        ForwardedFor forwardedFor,
        long maxBodyBytes,
        int maxRequests,
        boolean connect,
        RequestIdConfig requestId,
        @Nullable String via,
        Map<Integer, ErrorPage> errorPages,
        Map<Failure, Integer> statuses) {
    public static final ClientConfig DEFAULT = new ClientConfig(
            Duration.ofSeconds(10),
            Duration.ofSeconds(60),
            8 * 1024,
            64 * 1024,
            100,
            ForwardedFor.APPEND,
            0,
            0,
            false,
            RequestIdConfig.DEFAULT,
            null,
            Map.of(),
            Map.of());

    /** What becomes of {@code X-Forwarded-For}, {@code -Proto}, {@code -Host} and {@code -Port}. */
    public enum ForwardedFor {
        /** The client's address is added to what the request carries. */
        APPEND,
        /** What the request carries is dropped and replaced. */
        REPLACE,
        /** The fields travel unchanged. */
        OFF
    }

    public ClientConfig {
        errorPages = Map.copyOf(errorPages);
        statuses = Map.copyOf(statuses);
        requirePositive("max_request_line", maxRequestLineBytes);
        requirePositive("max_head", maxHeadBytes);
        requirePositive("max_headers", maxHeaderFields);
        if (maxBodyBytes < 0) {
            throw new IllegalArgumentException("max_body: " + maxBodyBytes + " (expected: >= 0)");
        }
        if (maxRequests < 0) {
            throw new IllegalArgumentException("requests_per_connection: " + maxRequests + " (expected: >= 0)");
        }
        if (via != null && !Octets.isToken(via)) {
            throw new IllegalArgumentException("via: " + via + " (expected: a name without spaces)");
        }
    }

    /** Returns what clients are told of {@code failure}. */
    int statusOf(Failure failure) {
        Integer status = statuses.get(failure);
        return status == null ? failure.status() : status;
    }

    private static void requirePositive(String key, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(key + ": " + value + " (expected: >= 1)");
        }
    }

    /** Returns a builder that begins with these settings. */
    public Builder with() {
        return new Builder(this);
    }

    /** Changes some of the settings and keeps the others. */
    @OwnedBy(Owner.BUILDER)
    public static final class Builder {
        private Duration requestTimeout;
        private Duration keepAliveTimeout;
        private int maxRequestLineBytes;
        private int maxHeadBytes;
        private int maxHeaderFields;
        private ForwardedFor forwardedFor;
        private long maxBodyBytes;
        private int maxRequests;
        private boolean connect;
        private RequestIdConfig requestId;
        private @Nullable String via;
        private Map<Integer, ErrorPage> errorPages;
        private Map<Failure, Integer> statuses;

        private Builder(ClientConfig settings) {
            requestTimeout = settings.requestTimeout;
            keepAliveTimeout = settings.keepAliveTimeout;
            maxRequestLineBytes = settings.maxRequestLineBytes;
            maxHeadBytes = settings.maxHeadBytes;
            maxHeaderFields = settings.maxHeaderFields;
            forwardedFor = settings.forwardedFor;
            maxBodyBytes = settings.maxBodyBytes;
            maxRequests = settings.maxRequests;
            connect = settings.connect;
            requestId = settings.requestId;
            via = settings.via;
            errorPages = settings.errorPages;
            statuses = settings.statuses;
        }

        public Builder requestTimeout(Duration newRequestTimeout) {
            requestTimeout = newRequestTimeout;
            return this;
        }

        public Builder keepAliveTimeout(Duration newKeepAliveTimeout) {
            keepAliveTimeout = newKeepAliveTimeout;
            return this;
        }

        public Builder maxRequestLineBytes(int newMaxRequestLineBytes) {
            maxRequestLineBytes = newMaxRequestLineBytes;
            return this;
        }

        public Builder maxHeadBytes(int newMaxHeadBytes) {
            maxHeadBytes = newMaxHeadBytes;
            return this;
        }

        public Builder maxHeaderFields(int newMaxHeaderFields) {
            maxHeaderFields = newMaxHeaderFields;
            return this;
        }

        public Builder forwardedFor(ForwardedFor newForwardedFor) {
            forwardedFor = newForwardedFor;
            return this;
        }

        public Builder maxBodyBytes(long newMaxBodyBytes) {
            maxBodyBytes = newMaxBodyBytes;
            return this;
        }

        public Builder maxRequests(int newMaxRequests) {
            maxRequests = newMaxRequests;
            return this;
        }

        public Builder connect(boolean newConnect) {
            connect = newConnect;
            return this;
        }

        public Builder requestId(RequestIdConfig newRequestId) {
            requestId = newRequestId;
            return this;
        }

        public Builder via(@Nullable String newVia) {
            via = newVia;
            return this;
        }

        public Builder errorPages(Map<Integer, ErrorPage> newErrorPages) {
            errorPages = newErrorPages;
            return this;
        }

        public Builder statuses(Map<Failure, Integer> newStatuses) {
            statuses = newStatuses;
            return this;
        }

        public ClientConfig build() {
            return new ClientConfig(
                    requestTimeout,
                    keepAliveTimeout,
                    maxRequestLineBytes,
                    maxHeadBytes,
                    maxHeaderFields,
                    forwardedFor,
                    maxBodyBytes,
                    maxRequests,
                    connect,
                    requestId,
                    via,
                    errorPages,
                    statuses);
        }
    }
}
