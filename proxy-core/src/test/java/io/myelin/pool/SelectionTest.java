package io.myelin.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.model.Endpoint;
import io.myelin.pool.Selection.Choice;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SelectionTest {
    private static final Endpoint EAST =
            Endpoint.of("a", "10.0.0.1", 80).withLabels(Map.of("zone", "east")).withSequence(12L);
    private static final Endpoint WEST = Endpoint.of("b", "10.0.0.2", 80)
            .withLabels(Map.of("zone", "west", "canary", ""))
            .withSequence(9L);
    private static final Endpoint PLAIN = Endpoint.of("c", "10.0.0.3", 80).withSequence(10L);
    private static final List<Endpoint> ALL = List.of(EAST, WEST, PLAIN);

    @Test
    void withoutRulesEveryEndpointIsUsed() {
        Choice choice = Selection.ALL.choose(ALL);

        assertThat(choice.used()).isEqualTo(ALL);
        assertThat(choice.passedOver()).isEmpty();
    }

    @Test
    void aLabelMustEqual() {
        Choice choice = filters(filter("zone", "east", true)).choose(ALL);

        assertThat(choice.used()).containsExactly(EAST);
        assertThat(choice.passedOver())
                .containsExactly(
                        new PassedOver(WEST, "label zone is `west` (wanted: `east`)"),
                        new PassedOver(PLAIN, "label zone is not there (wanted: `east`)"));
    }

    @Test
    void anEmptyValueIsAValue() {
        assertThat(filters(filter("canary", "", true)).choose(ALL).used()).containsExactly(WEST);
    }

    @Test
    void whoeverHasNoLabelPassesAFilterThatItMustNotEqual() {
        Choice choice = filters(filter("zone", "east", false)).choose(ALL);

        assertThat(choice.used()).containsExactly(WEST, PLAIN);
        assertThat(choice.passedOver())
                .containsExactly(new PassedOver(EAST, "label zone is `east` (wanted: not `east`)"));
    }

    @Test
    void noValueStandsForTheLabelBeingAbsent() {
        assertThat(filters(filter("zone", null, true)).choose(ALL).used()).containsExactly(PLAIN);
        assertThat(filters(filter("zone", null, false)).choose(ALL).used()).containsExactly(EAST, WEST);
    }

    @Test
    void everyFilterMustAdmit() {
        Selection selection = filters(filter("zone", "west", true), filter("canary", "", false));

        assertThat(selection.choose(ALL).used()).isEmpty();
        assertThat(selection.choose(ALL).passedOver())
                .contains(new PassedOver(WEST, "label canary is `` (wanted: not ``)"));
    }

    @Test
    void theLeaderHasTheSmallestNumberNotTheFirstText() {
        Choice choice = new Selection(List.of(), true).choose(ALL);

        assertThat(choice.used()).containsExactly(WEST);
        assertThat(choice.passedOver())
                .extracting(PassedOver::reason)
                .containsOnly("not the leader, which is b_10.0.0.2:80");
        assertThat(choice.passedOver()).extracting(PassedOver::endpoint).containsExactly(EAST, PLAIN);
    }

    @Test
    void theLeaderIsElectedAmongThoseThatPassTheFilters() {
        Selection selection = new Selection(List.of(filter("zone", "west", false)), true);

        assertThat(selection.choose(ALL).used()).containsExactly(PLAIN);
    }

    @Test
    void whereOneHasNoNumberThereIsNoLeaderAndNobodyIsUsed() {
        Choice choice = new Selection(List.of(), true).choose(List.of(EAST, PLAIN.withSequence(null)));

        assertThat(choice.used()).isEmpty();
        assertThat(choice.passedOver())
                .extracting(PassedOver::reason)
                .containsOnly("there is no leader, because c_10.0.0.3:80 has no id");
        assertThat(new Selection(List.of(), true).choose(List.of()).used()).isEmpty();
    }

    private static Selection filters(LabelFilter... filters) {
        return new Selection(List.of(filters), false);
    }

    private static LabelFilter filter(String label, @Nullable String value, boolean equal) {
        return new LabelFilter(label, value, equal);
    }
}
