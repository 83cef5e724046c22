package io.myelin.pool;

import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import java.time.Duration;
import java.util.List;

/**
 * How requests of one client come to the member that took its first one: by a cookie that names the member, as with
 * HAProxy's {@code cookie}.
 *
 * @param cookie the cookie's name
 * @param mode who sets the cookie
 * @param naming what the cookie calls a member whose own options do not say it
 * @param text what it calls a member in place of {@code naming}: {@code %{name}}, {@code %{host}} and {@code %{port}}
 *     stand for the member's; empty for none
 * @param indirect whether the cookie is between the client and the proxy alone: members neither see nor set it
 * @param noCache whether a response that caches may keep is marked as private when the cookie is set
 * @param postOnly whether the cookie is set in answers to POST only
 * @param preserve whether a cookie of this name that a member sets goes to the client as it is
 * @param httpOnly whether the cookie is kept from scripts
 * @param secure whether clients send the cookie over TLS only
 * @param domains which domains the cookie is for, none for the host of the request alone
 * @param attributes further attributes of the cookie, such as {@code SameSite=Lax}
 * @param maxIdle how long after its last use the cookie counts, {@link Duration#ZERO} for ever
 * @param maxLife how long after it was first set the cookie counts, {@link Duration#ZERO} for ever
 * @param persist whether the cookie is heeded when its member fails its checks (HAProxy's {@code option persist})
 */
public record StickyConfig(
        String cookie,
        Mode mode,
        Naming naming,
        String text,
        boolean indirect,
        boolean noCache,
        boolean postOnly,
        boolean preserve,
        boolean httpOnly,
        boolean secure,
        List<String> domains,
        List<String> attributes,
        Duration maxIdle,
        Duration maxLife,
        boolean persist) {
    /** What a cookie's name consists of (RFC 6265 section 4.1.1). */
    public static final String NAMES = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";

    /**
     * What a value may consist of: what may stand in a cookie but for the marks that end the proxy's part of a value.
     */
    public static final String VALUES = "[!#-+\\--:<-\\[\\]-{}]+";

    /** What a domain or an attribute may consist of without ending it. */
    public static final String ATTRIBUTES = "[ -:<-~]+";

    /** Who sets the cookie, and what of it is the proxy's. */
    public enum Mode {
        /** The proxy sets it, beside the cookies of the member. */
        INSERT,
        /** The member sets it, and the proxy puts its part and a tilde before the member's value. */
        PREFIX,
        /** The member sets it, and the proxy replaces the value. */
        REWRITE,
        /** The member sets it, to the value that the proxy expects. */
        PASSIVE
    }

    /** What the cookie calls a member. */
    public enum Naming {
        /** Its identity: {@code name_host:port} or {@code host:port}. */
        NAME,
        /** The SHA-1 of its identity in hexadecimal digits. */
        HASH
    }

    public StickyConfig {
        requireMatch("cookie", cookie, NAMES);
        domains = List.copyOf(domains);
        attributes = List.copyOf(attributes);
        domains.forEach(domain -> requireMatch("domains", domain, ATTRIBUTES));
        attributes.forEach(attribute -> requireMatch("attributes", attribute, ATTRIBUTES));
        if (indirect && mode == Mode.REWRITE) {
            throw new IllegalArgumentException("indirect: true (expected: false, as the mode is rewrite)");
        }
        if (preserve && mode != Mode.INSERT && !indirect) {
            throw new IllegalArgumentException("preserve: true (expected: mode insert or indirect)");
        }
        if (maxIdle.isNegative() || maxLife.isNegative()) {
            throw new IllegalArgumentException("max_idle, max_life: negative (expected: >= 0)");
        }
    }

    private static void requireMatch(String key, String value, String pattern) {
        if (!value.matches(pattern)) {
            throw new IllegalArgumentException(key + ": " + value + " (expected: " + pattern + ")");
        }
    }

    /** Returns a cookie of that name which its application sets and understands, as {@code cookie NAME} means it. */
    public static StickyConfig named(String cookie) {
        return new StickyConfig(
                cookie,
                Mode.PASSIVE,
                Naming.NAME,
                "",
                false,
                false,
                false,
                false,
                false,
                false,
                List.of(),
                List.of(),
                Duration.ZERO,
                Duration.ZERO,
                false);
    }

    /** Returns a cookie of that name which is set by the proxy and unknown to members and caches. */
    public static StickyConfig inserted(String cookie) {
        return named(cookie)
                .with()
                .mode(Mode.INSERT)
                .indirect(true)
                .noCache(true)
                .build();
    }

    /** Returns whether the cookie says since when it is used. */
    public boolean dated() {
        return !maxIdle.isZero() || !maxLife.isZero();
    }

    /** Returns what follows the value where the proxy sets the cookie. */
    String setAttributes() {
        StringBuilder text = new StringBuilder("; path=/");
        domains.forEach(domain -> text.append("; domain=").append(domain));
        if (httpOnly) {
            text.append("; HttpOnly");
        }
        if (secure) {
            text.append("; Secure");
        }
        attributes.forEach(attribute -> text.append("; ").append(attribute));
        return text.toString();
    }

    /** Returns a builder that begins with these settings. */
    public Builder with() {
        return new Builder(this);
    }

    /** Changes some of the settings and keeps the others. */
    @OwnedBy(Owner.BUILDER)
    public static final class Builder {
        private final String cookie;
        private Mode mode;
        private Naming naming;
        private String text;
        private boolean indirect;
        private boolean noCache;
        private boolean postOnly;
        private boolean preserve;
        private boolean httpOnly;
        private boolean secure;
        private List<String> domains;
        private List<String> attributes;
        private Duration maxIdle;
        private Duration maxLife;
        private boolean persist;

        private Builder(StickyConfig settings) {
            cookie = settings.cookie;
            mode = settings.mode;
            naming = settings.naming;
            text = settings.text;
            indirect = settings.indirect;
            noCache = settings.noCache;
            postOnly = settings.postOnly;
            preserve = settings.preserve;
            httpOnly = settings.httpOnly;
            secure = settings.secure;
            domains = settings.domains;
            attributes = settings.attributes;
            maxIdle = settings.maxIdle;
            maxLife = settings.maxLife;
            persist = settings.persist;
        }

        public Builder mode(Mode newMode) {
            mode = newMode;
            return this;
        }

        public Builder naming(Naming newNaming) {
            naming = newNaming;
            return this;
        }

        public Builder text(String newText) {
            text = newText;
            return this;
        }

        public Builder indirect(boolean newIndirect) {
            indirect = newIndirect;
            return this;
        }

        public Builder noCache(boolean newNoCache) {
            noCache = newNoCache;
            return this;
        }

        public Builder postOnly(boolean newPostOnly) {
            postOnly = newPostOnly;
            return this;
        }

        public Builder preserve(boolean newPreserve) {
            preserve = newPreserve;
            return this;
        }

        public Builder httpOnly(boolean newHttpOnly) {
            httpOnly = newHttpOnly;
            return this;
        }

        public Builder secure(boolean newSecure) {
            secure = newSecure;
            return this;
        }

        public Builder domains(List<String> newDomains) {
            domains = newDomains;
            return this;
        }

        public Builder attributes(List<String> newAttributes) {
            attributes = newAttributes;
            return this;
        }

        public Builder maxIdle(Duration newMaxIdle) {
            maxIdle = newMaxIdle;
            return this;
        }

        public Builder maxLife(Duration newMaxLife) {
            maxLife = newMaxLife;
            return this;
        }

        public Builder persist(boolean newPersist) {
            persist = newPersist;
            return this;
        }

        public StickyConfig build() {
            return new StickyConfig(
                    cookie,
                    mode,
                    naming,
                    text,
                    indirect,
                    noCache,
                    postOnly,
                    preserve,
                    httpOnly,
                    secure,
                    domains,
                    attributes,
                    maxIdle,
                    maxLife,
                    persist);
        }
    }
}
