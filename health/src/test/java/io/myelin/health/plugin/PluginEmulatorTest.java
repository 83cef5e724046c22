package io.myelin.health.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.myelin.health.plugin.wire.Empty;
import io.myelin.health.plugin.wire.V3DeviceSelector;
import io.myelin.health.plugin.wire.V3PluginGrpc;
import io.myelin.health.plugin.wire.V3ReadRequest;
import io.myelin.health.plugin.wire.V3Reading;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The plugin that other tests speak to does what they ask of it. */
@Timeout(30)
class PluginEmulatorTest {
    private final PluginEmulator plugin = PluginEmulator.start("P1");
    private final ManagedChannel channel = NettyChannelBuilder.forAddress("127.0.0.1", plugin.port())
            .usePlaintext()
            .directExecutor()
            .build();

    @AfterEach
    void stop() {
        channel.shutdownNow();
        plugin.close();
    }

    @Test
    void answersWithWhatItWasGiven() {
        plugin.device(
                new Device(
                        "2024-01-01T00:00:00Z",
                        "d1",
                        "temperature",
                        "P1",
                        "a sensor",
                        "",
                        Map.of(),
                        "r",
                        List.of(),
                        List.of(Tag.parse("default/a")),
                        List.of(),
                        0),
                new Reading(
                        "d1",
                        "2024-01-01T00:00:00Z",
                        "temperature",
                        "temperature",
                        "a sensor",
                        Map.of(),
                        new Unit("celsius", "C"),
                        20.5));

        assertThat(stub().metadata(Empty.getDefaultInstance()).getId()).isEqualTo("P1");
        V3Reading reading = stub().read(V3ReadRequest.newBuilder()
                        .setSelector(V3DeviceSelector.newBuilder().setId("d1"))
                        .build())
                .next();
        assertThat(reading.getFloat64Value()).isEqualTo(20.5);
        assertThat(plugin.calls("Read")).isEqualTo(1);
        assertThat(plugin.calls()).isEqualTo(2);
        assertThat(plugin.connections()).isEqualTo(1);
    }

    @Test
    void failsHangsAndGoesAwayAsTold() {
        plugin.fail("Test", "INTERNAL");
        assertThatThrownBy(this::test)
                .isInstanceOf(StatusRuntimeException.class)
                .hasMessage("INTERNAL: emulated INTERNAL");
        plugin.hang(PluginEmulator.EVERY_METHOD);
        plugin.answer("Test");
        assertThatThrownBy(() ->
                        stub().withDeadlineAfter(300, TimeUnit.MILLISECONDS).health(Empty.getDefaultInstance()))
                .hasMessageStartingWith("DEADLINE_EXCEEDED");
        assertThat(test()).as("another method").isTrue();
        plugin.answer(PluginEmulator.EVERY_METHOD);
        assertThat(test()).isTrue();

        plugin.down();
        assertThatThrownBy(this::test).hasMessageStartingWith("UNAVAILABLE");
        plugin.up();
        channel.resetConnectBackoff();
        assertThat(stub().withWaitForReady().test(Empty.getDefaultInstance()).getOk())
                .isTrue();
        assertThat(plugin.accepted()).isEqualTo(2);
    }

    private boolean test() {
        return stub().withDeadlineAfter(20, TimeUnit.SECONDS)
                .test(Empty.getDefaultInstance())
                .getOk();
    }

    private V3PluginGrpc.V3PluginBlockingStub stub() {
        return V3PluginGrpc.newBlockingStub(channel);
    }
}
