package io.myelin.http;

import io.myelin.balance.Member;
import io.myelin.model.MemberTls;
import io.myelin.model.NameSource;
import io.myelin.route.TlsFact;
import io.myelin.route.TlsView;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whom members are to be asked for by TLS on behalf of one request, as far as its client says it. */
final class AskedNames {
    private final List<NameSource> sources;
    private final List<@Nullable String> names;

    private AskedNames(List<NameSource> sources, List<@Nullable String> names) {
        this.sources = sources;
        this.names = names;
    }

    /** Returns what {@code head} and the connection that it came by have of {@code sources}. */
    static AskedNames of(List<NameSource> sources, RequestHead head) {
        List<@Nullable String> names = new ArrayList<>(sources.size());
        for (NameSource source : sources) {
            names.add(NameSource.nameIn(valueOf(source.header(), head)));
        }
        return new AskedNames(sources, names);
    }

    private static @Nullable CharSequence valueOf(@Nullable String header, RequestHead head) {
        if (header == null) {
            TlsView tls = head.tls();
            return tls == null ? null : tls.text(TlsFact.SERVER_NAME, "");
        }
        if (header.equals("host")) {
            return head.host();
        }
        int field = head.field(header, -1);
        return field < 0 ? null : head.value(field);
    }

    /**
     * Returns whom {@code member} is to be asked for, {@code null} if it is not for the client to say or it does not.
     */
    @Nullable
    String of(Member member) {
        MemberTls tls = member.tls();
        NameSource source = tls == null ? null : tls.nameSource();
        int at = source == null ? -1 : sources.indexOf(source);
        return at < 0 ? null : names.get(at);
    }
}
