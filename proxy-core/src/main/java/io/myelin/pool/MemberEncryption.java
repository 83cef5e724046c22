package io.myelin.pool;

import io.myelin.balance.Member;
import io.myelin.model.MemberTls;
import io.myelin.model.NameSource;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How connections to the members of a pool are encrypted.
 *
 * @param settings the ways in which they are, the pool's own among them; none if nothing is encrypted
 * @param nameSources what of a client the names of members may depend on, each once; none for most pools
 */
public record MemberEncryption(Set<MemberTls> settings, List<NameSource> nameSources) {
    /** Nothing is encrypted. */
    public static final MemberEncryption NONE = new MemberEncryption(Set.of(), List.of());

    public MemberEncryption {
        settings = Set.copyOf(settings);
        nameSources = List.copyOf(nameSources);
    }

    /** Returns that of {@code members}, whose pool says {@code ofPool} about those who say nothing themselves. */
    static MemberEncryption of(@Nullable MemberTls ofPool, Collection<Member> members) {
        Set<MemberTls> settings = new LinkedHashSet<>();
        MemberTls last = ofPool;
        if (ofPool != null) {
            settings.add(ofPool);
        }
        for (Member member : members) {
            MemberTls own = member.tls();
            if (own != null && !own.equals(last)) {
                settings.add(own);
                last = own;
            }
        }
        if (settings.isEmpty()) {
            return NONE;
        }
        List<NameSource> sources = settings.stream()
                .map(MemberTls::nameSource)
                .filter(Objects::nonNull)
                .distinct()
                .toList();
        return new MemberEncryption(settings, sources);
    }
}
