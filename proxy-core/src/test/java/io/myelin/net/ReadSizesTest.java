package io.myelin.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.RecvByteBufAllocator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReadSizesTest {
    @SuppressWarnings("deprecation") // there is no other type for what Netty asks
    private final RecvByteBufAllocator.Handle reads = new ReadSizes().newHandle();

    @Test
    void beginsWithARequestsSize() {
        assertThat(reads.guess()).isEqualTo(2_048);
    }

    @Test
    void growsAtOnceToWhatABulkTransferNeeds() {
        read(2_048);
        assertThat(reads.guess()).isEqualTo(32_768);
        read(32_768);
        assertThat(reads.guess()).isEqualTo(131_072);
        read(131_072);
        assertThat(reads.guess()).isEqualTo(131_072);
    }

    @ParameterizedTest
    @ValueSource(ints = {243, 1, 65_000})
    void aResponseThatOnceWasReadInTwoPiecesIsReadInOneFromThenOn(int tail) {
        read(2_048);
        read(32_768);
        read(65_536 - 34_816);
        for (int response = 0; response < 1_000; response++) {
            assertThat(reads.guess()).isGreaterThanOrEqualTo(65_536 + tail);
            read(65_536 + tail);
        }
    }

    @Test
    void theEndOfALongMessageDoesNotMakeReadsSmaller() {
        read(2_048);
        read(32_768);
        for (int response = 0; response < 1_000; response++) {
            read(131_072);
            read(131_072);
            read(100);
            assertThat(reads.guess()).isEqualTo(131_072);
        }
    }

    @Test
    void becomesSmallWhenOnlyLittleComes() {
        read(2_048);
        read(32_768);
        for (int i = 0; i < 7; i++) {
            read(44);
        }
        assertThat(reads.guess()).isEqualTo(131_072);
        for (int i = 0; i < 100; i++) {
            read(44);
        }
        assertThat(reads.guess()).isEqualTo(64);
    }

    @Test
    void anEndOrAnEmptyReadTeachesNothing() {
        for (int i = 0; i < 100; i++) {
            read(-1);
            read(0);
        }
        assertThat(reads.guess()).isEqualTo(2_048);
    }

    private void read(int bytes) {
        reads.attemptedBytesRead(reads.guess());
        reads.lastBytesRead(bytes);
    }
}
