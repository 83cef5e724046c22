package io.myelin.pool;

import io.myelin.balance.Member;

/** A member by the name that a cookie has for it. */
public final class StickyMember {
    private final Member member;
    private final byte[] value;
    private final String options;
    private final boolean open;

    /**
     * @param value what the cookie calls the member; never written again
     * @param options the member's own options, which {@code value} follows from
     * @param open whether the member takes the requests of its clients
     */
    StickyMember(Member member, byte[] value, String options, boolean open) {
        this.member = member;
        this.value = value;
        this.options = options;
        this.open = open;
    }

    public Member member() {
        return member;
    }

    /** Returns what the cookie calls the member; not to be written. */
    public byte[] value() {
        return value;
    }

    /** Returns the options that the value was made from. */
    String options() {
        return options;
    }

    /** Returns whether the member takes the requests of its clients, even if it takes no others. */
    public boolean open() {
        return open;
    }
}
