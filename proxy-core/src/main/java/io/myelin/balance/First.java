package io.myelin.balance;

import java.util.List;

/** Takes the first member in the order of the pool, and the next only where that one is excluded. */
final class First implements Balancer {
    @Override
    public Picker pickerFor(List<Member> eligible) {
        Member[] members = eligible.toArray(Member[]::new);
        return pick -> {
            for (Member member : members) {
                if (!pick.excludes(member)) {
                    return member;
                }
            }
            return null;
        };
    }
}
