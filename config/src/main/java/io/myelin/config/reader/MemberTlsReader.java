package io.myelin.config.reader;

import io.myelin.config.document.Mapping;
import io.myelin.config.document.Problems;
import io.myelin.model.Clock;
import io.myelin.model.MemberTls;
import io.myelin.model.NameSource;
import io.myelin.model.Protocol;
import io.myelin.pool.UpstreamConfig;
import io.myelin.tls.CertificateStatus;
import io.myelin.tls.Ciphers;
import io.myelin.tls.MalformedPemException;
import io.myelin.tls.MemberContexts;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads {@code member_tls} of a service: {@code true}, {@code false}, or a map. */
final class MemberTlsReader {
    private static final String FORMS = "true, false or a map";
    private static final Set<String> VERSIONS = Set.of("TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3");
    private static final String SOURCE = "client_tls|header:[!#$%&'*+.^_`|~0-9A-Za-z-]+";
    private static final List<String> HTTP = List.of("http/1.1");

    private final Section service;
    private final Problems problems;

    MemberTlsReader(Section service) {
        this.service = service;
        this.problems = service.problems();
    }

    /** Returns {@code otherwise} with what the key says. */
    UpstreamConfig read(UpstreamConfig otherwise, Protocol protocol) {
        if (!service.has("member_tls")) {
            return otherwise;
        }
        return otherwise.with().tls(tls(protocol)).build();
    }

    private MemberTls tls(Protocol protocol) {
        MemberTls verified = MemberTls.VERIFIED
                .with()
                .applicationProtocols(protocol == Protocol.HTTP ? HTTP : List.of())
                .build();
        if (!(service.node("member_tls") instanceof Mapping)) {
            boolean enabled = service.scalar("member_tls", FORMS) != null && service.flag("member_tls", false);
            return enabled ? verified : MemberTls.OFF;
        }
        Section map = service.section("member_tls");
        return map == null ? MemberTls.OFF : usable(map, read(map, verified, protocol));
    }

    private MemberTls read(Section map, MemberTls otherwise, Protocol protocol) {
        map.allow(Keys.MEMBER_TLS);
        for (String cipher : map.texts("ciphers")) {
            if (!Ciphers.known(cipher)) {
                problems.error(map.where("ciphers"), cipher, "a cipher of TLS 1.2, such as " + Ciphers.DEFAULT.get(0));
            }
        }
        if (map.has("key") && !map.has("certificate")) {
            problems.error(map.where("key"), "is set without certificate", "both");
        }
        List<String> offered = map.texts("alpn");
        if (offered.contains("h2")) {
            problems.error(map.where("alpn"), "h2 is not spoken with members", "http/1.1");
        }
        return otherwise
                .with()
                .authorities(file(map, "ca"))
                .revocations(file(map, "crl"))
                .nameSource(nameSource(map, protocol))
                .resumes(map.flag("resume", true))
                .verify(map.flag("verify", true))
                .serverName(map.text("server_name", "[0-9A-Za-z_.:-]{1,253}", "a host name"))
                .certificate(file(map, "certificate"))
                .key(file(map, "key"))
                .protocols(map.has("protocols") ? protocols(map, otherwise) : otherwise.protocols())
                .ciphers(map.texts("ciphers"))
                .applicationProtocols(map.mentions("alpn") ? offered : otherwise.applicationProtocols())
                .build();
    }

    private @Nullable NameSource nameSource(Section map, Protocol protocol) {
        String source = map.text("server_name_from", SOURCE, "header:NAME or client_tls");
        if (source == null || source.equals("client_tls")) {
            return source == null ? null : NameSource.CLIENT_TLS;
        }
        if (protocol != Protocol.HTTP) {
            problems.error(map.where("server_name_from"), source + " of what is no request", "client_tls");
        }
        return new NameSource(source.substring(source.indexOf(':') + 1));
    }

    private static @Nullable String file(Section map, String key) {
        String name = map.text(key, "\\S.*", "a PEM file");
        return name == null ? null : TlsReader.file(name, map.where(key));
    }

    private List<String> protocols(Section map, MemberTls otherwise) {
        List<String> protocols = new ArrayList<>(map.texts("protocols"));
        if (protocols.isEmpty() || !VERSIONS.containsAll(protocols)) {
            problems.error(map.where("protocols"), String.join(", ", protocols), "TLSv1.2, TLSv1.3 or both");
            return otherwise.protocols();
        }
        return protocols;
    }

    private MemberTls usable(Section map, MemberTls tls) {
        try {
            for (CertificateStatus expired : MemberContexts.expired(tls, Clock.SYSTEM)) {
                problems.warning(map.where(), expired.file() + " has expired: not_after=" + expired.notAfter());
            }
        } catch (MalformedPemException e) {
            problems.error(map.where(), String.valueOf(e.getMessage()), "PEM files");
        }
        return tls;
    }
}
