package io.myelin.balance;

import io.myelin.model.Endpoint;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Members to choose from. */
final class Members {
    private Members() {}

    /** Returns members {@code m0}, {@code m1}, ... of the given weights. */
    static List<Member> weighing(int... weights) {
        List<Member> members = new ArrayList<>();
        for (int i = 0; i < weights.length; i++) {
            members.add(new Member(Endpoint.of("m" + i, "10.0.0.1", 1_000 + i), weights[i], 2));
        }
        return members;
    }

    static List<Member> equal(int count) {
        int[] weights = new int[count];
        Arrays.fill(weights, 1);
        return weighing(weights);
    }

    static void load(Member member, int exchanges) {
        member.load(0).counters().add(MemberCounter.IN_FLIGHT, exchanges);
    }

    /** Returns the names of the next {@code count} choices, as one text. */
    static String picks(Picker picker, Pick pick, int count) {
        StringBuilder names = new StringBuilder();
        for (int i = 0; i < count; i++) {
            Member member = picker.pick(pick);
            names.append(i == 0 ? "" : " ")
                    .append(member == null ? "none" : member.endpoint().name());
        }
        return names.toString();
    }

    static String picks(Picker picker, int count) {
        return picks(picker, Pick.ANY, count);
    }
}
