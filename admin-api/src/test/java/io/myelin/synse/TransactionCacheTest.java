package io.myelin.synse;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.health.plugin.Device;
import io.myelin.testing.FakeClock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class TransactionCacheTest {
    private final FakeClock clock = new FakeClock();
    private final TransactionCache cache = new TransactionCache(Duration.ofSeconds(10), clock);
    private final Device device = new ScriptedPlugin("p-1").device("d-1", "", 0, "rw");

    @Test
    void beyondItsBoundTheOldestIsForgotten() {
        for (int i = 0; i <= TransactionCache.MOST; i++) {
            cache.put("t-" + i, device);
        }

        assertThat(cache.ids()).hasSize(TransactionCache.MOST);
        assertThat(cache.device("t-0")).isNull();
        assertThat(cache.device("t-1")).isEqualTo(device);
    }

    @Test
    void whatIsPutAgainLivesAnew() {
        cache.put("a", device);
        clock.advance(Duration.ofSeconds(6));
        cache.put("b", device);
        cache.put("a", device);
        clock.advance(Duration.ofSeconds(6));

        assertThat(cache.ids()).containsExactly("a", "b");
        clock.advance(Duration.ofSeconds(4));
        assertThat(cache.ids()).isEmpty();
    }
}
