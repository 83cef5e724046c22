package io.myelin.health.replica;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PortBookTest {
    @Test
    void everyReplicaHasAnotherThatTheSystemGivesNobody() throws IOException {
        PortBook book = new PortBook(new Random(1)::nextInt);
        Set<Integer> ports = new HashSet<>();
        for (int i = 0; i < 50; i++) {
            ports.add(book.take());
        }
        assertThat(ports).hasSize(50).allMatch(port -> port >= PortBook.LOWEST && port < PortBook.HIGHEST);
    }

    @Test
    void onePortAtWhichSomebodyListensIsPassedOver() throws IOException {
        int chosen = new PortBook(new Random(2)::nextInt).take();
        try (ServerSocket taken = new ServerSocket(chosen, 1, InetAddress.getLoopbackAddress())) {
            PortBook book = new PortBook(new Random(2)::nextInt);

            assertThat(book.take()).isNotEqualTo(taken.getLocalPort());
            assertThat(book.keep(chosen)).isNotEqualTo(chosen);
        }
    }

    /** A source of chance that always says the same leaves one port of its range. */
    @Test
    void whereThereIsNoneLeftTheSystemChooses() throws IOException {
        PortBook book = new PortBook(bound -> 1_234);
        int first = book.take();
        int second = book.take();

        assertThat(second).isNotEqualTo(first).isPositive();
        book.give(second);
        assertThat(book.keep(second)).isEqualTo(second);
    }
}
