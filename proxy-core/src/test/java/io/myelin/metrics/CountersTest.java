package io.myelin.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CountersTest {
    private enum Fruit {
        APPLES,
        PEARS
    }

    private final Counters<Fruit> counters = new Counters<>(Fruit.class);

    @Test
    void countsEachKeyByItself() {
        counters.increment(Fruit.PEARS);
        counters.add(Fruit.PEARS, 4);
        counters.add(Fruit.PEARS, -2);

        assertThat(counters.read(Fruit.PEARS)).isEqualTo(3);
        assertThat(counters.read(Fruit.APPLES)).isZero();
    }
}
