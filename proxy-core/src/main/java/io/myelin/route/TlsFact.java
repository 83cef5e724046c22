package io.myelin.route;

import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What may be asked about the TLS that a client speaks, under HAProxy's names (manual of version 2.6, section 7.3.4).
 * What there is not is as if the client spoke plain text.
 */
public enum TlsFact {
    /** Whom the client asked for. */
    SERVER_NAME("ssl_fc_sni", Form.TEXT),
    /** The version, such as {@code TLSv1.3}. */
    VERSION("ssl_fc_protocol", Form.TEXT),
    /** The cipher, by OpenSSL's name. */
    CIPHER("ssl_fc_cipher", Form.TEXT),
    /** What both agreed to speak inside. */
    ALPN("ssl_fc_alpn", Form.TEXT),
    /** {@code 1} if an earlier session was taken up, otherwise {@code 0}. */
    RESUMED("ssl_fc_is_resumed", Form.TEXT),
    /** {@code 1} if the client showed a certificate, now or when the session began, otherwise {@code 0}. */
    CLIENT_USED("ssl_c_used", Form.TEXT),
    /** {@code 0}: whoever shows a certificate that is not good is refused. */
    CLIENT_VERIFIED("ssl_c_verify", Form.TEXT),
    /** Whom the client's certificate is for: {@code /C=NL/CN=somebody}, or one attribute of it. */
    CLIENT_SUBJECT("ssl_c_s_dn", Form.NAME),
    /** Who vouches for the client's certificate, in the same way. */
    CLIENT_ISSUER("ssl_c_i_dn", Form.NAME),
    /** The number of the client's certificate. */
    CLIENT_SERIAL("ssl_c_serial", Form.BYTES),
    /** The SHA-1 fingerprint of the client's certificate. */
    CLIENT_SHA1("ssl_c_sha1", Form.BYTES),
    /** From when on the client's certificate is good: {@code YYMMDDhhmmssZ}. */
    CLIENT_NOT_BEFORE("ssl_c_notbefore", Form.TEXT),
    /** Until when the client's certificate is good, in the same way. */
    CLIENT_NOT_AFTER("ssl_c_notafter", Form.TEXT);

    private static final Map<String, TlsFact> BY_SAMPLE =
            Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(fact -> fact.sample, Function.identity()));

    private final String sample;
    private final Form form;

    private enum Form {
        TEXT,
        /** Made of attributes. */
        NAME,
        /** Spelt as pairs of hexadecimal digits. */
        BYTES
    }

    TlsFact(String sample, Form form) {
        this.sample = sample;
        this.form = form;
    }

    /** Returns what HAProxy calls {@code sample}, {@code null} if that is nothing of TLS. */
    public static @Nullable TlsFact of(String sample) {
        return BY_SAMPLE.get(sample);
    }

    /** Returns whether one attribute of it may be asked for. */
    boolean hasAttributes() {
        return form == Form.NAME;
    }

    /** Returns whether it is bytes rather than text. */
    public boolean binary() {
        return form == Form.BYTES;
    }
}
