package io.myelin.health.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;

import io.grpc.CallOptions;
import io.grpc.ClientInterceptor;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ClientResponseObserver;
import io.grpc.stub.MetadataUtils;
import io.myelin.health.plugin.wire.Empty;
import io.myelin.health.plugin.wire.V3DeviceSelector;
import io.myelin.health.plugin.wire.V3PluginGrpc;
import io.myelin.health.plugin.wire.V3ReadRequest;
import io.myelin.health.plugin.wire.V3Reading;
import io.myelin.health.plugin.wire.V3StreamRequest;
import io.myelin.model.Clock;
import io.myelin.model.RandomSource;
import io.myelin.testing.Await;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Calls that reach plugins through Myelin. */
@Timeout(60)
class PassThroughTest {
    private final PluginEmulator first =
            PluginEmulator.of("P1").tag("myelin/first").start();
    private final PluginEmulator second =
            PluginEmulator.of("P2").tag("myelin/second").start();
    private PluginRegistry plugins;
    private PassThrough entrance;
    private ManagedChannel channel;

    @BeforeEach
    void open() throws IOException, UnusableTlsException {
        plugins = PluginRegistry.start(config(first.address(), second.address()), Clock.SYSTEM, RandomSource.SYSTEM);
        plugins.refresh().toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();
        entrance = PassThrough.open(
                plugins, new PassThroughConfig(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), null));
        channel = NettyChannelBuilder.forAddress(entrance.address())
                .usePlaintext()
                .directExecutor()
                .build();
    }

    @AfterEach
    void close() {
        channel.shutdownNow();
        entrance.close();
        plugins.close();
        first.close();
        second.close();
    }

    @Test
    void choosesByIdOrTag() {
        assertThat(to("x-synse-plugin", "P2")
                        .metadata(Empty.getDefaultInstance())
                        .getId())
                .isEqualTo("P2");
        assertThat(to("x-synse-tag", "myelin/first")
                        .metadata(Empty.getDefaultInstance())
                        .getId())
                .isEqualTo("P1");
        ManagedChannel named = NettyChannelBuilder.forAddress(entrance.address())
                .overrideAuthority("P2:5010")
                .usePlaintext()
                .directExecutor()
                .build();
        try {
            assertThat(V3PluginGrpc.newBlockingStub(named)
                            .metadata(Empty.getDefaultInstance())
                            .getId())
                    .isEqualTo("P2");
        } finally {
            named.shutdownNow();
        }
    }

    @Test
    void namesThePluginThatThereIsNot() {
        assertThat(failure(() -> to("x-synse-plugin", "nope").test(Empty.getDefaultInstance())))
                .isEqualTo("NOT_FOUND: plugin not found: nope (expected: an id in x-synse-plugin, a tag in x-synse-tag,"
                        + " or either as authority)");
        assertThat(failure(() -> V3PluginGrpc.newBlockingStub(channel).test(Empty.getDefaultInstance())))
                .startsWith("NOT_FOUND: plugin not found: 127.0.0.1:");
    }

    @Test
    void refusesForInactiveAndDisabledOnesWithTheReason() throws UnusableTlsException {
        first.down();
        assertThat(failure(() -> to("x-synse-plugin", "P1").test(Empty.getDefaultInstance())))
                .startsWith("UNAVAILABLE");
        Await.until("inactive", () -> !plugins.find("P1").orElseThrow().active());
        assertThat(failure(() -> to("x-synse-plugin", "P1").test(Empty.getDefaultInstance())))
                .startsWith("UNAVAILABLE: plugin P1 is inactive: UNAVAILABLE: ");
        plugins.reconfigure(config(second.address()));
        Await.until("disabled", () -> plugins.find("P1").orElseThrow().disabled());
        assertThat(failure(() -> to("x-synse-tag", "myelin/first").test(Empty.getDefaultInstance())))
                .startsWith("UNAVAILABLE: plugin P1 is disabled: no source names ");
    }

    @Test
    void carriesStreamsHeadersDeadlinesAndStatuses() {
        first.device(device(), reading(1.0), reading(2.0), reading(3.0));
        Metadata more = new Metadata();
        more.put(Metadata.Key.of("x-trace", Metadata.ASCII_STRING_MARSHALLER), "abc");
        Iterator<V3Reading> answers = to("x-synse-plugin", "P1")
                .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(more))
                .withDeadlineAfter(30, TimeUnit.SECONDS)
                .read(V3ReadRequest.getDefaultInstance());
        for (double expected : new double[] {1, 2, 3}) {
            assertThat(answers.next().getFloat64Value()).isEqualTo(expected);
        }
        assertThat(answers.hasNext()).isFalse();
        assertThat(first.lastHeader("x-trace")).isEqualTo("abc");
        assertThat(first.lastHeader("grpc-timeout")).isNotNull();

        V3ReadRequest unknown = V3ReadRequest.newBuilder()
                .setSelector(V3DeviceSelector.newBuilder().setId("nope"))
                .build();
        assertThat(failure(() -> to("x-synse-plugin", "P1").read(unknown).next()))
                .isEqualTo("NOT_FOUND: device not found: nope");
        assertThat(plugins.find("P1").orElseThrow().disconnects()).isZero();
        assertThat(plugins.calls())
                .filteredOn(count -> count.method().equals("Read"))
                .extracting(CallCount::plugin, CallCount::sent, CallCount::received)
                .containsExactly(tuple("P1", 2L, 3L));
    }

    @Test
    void aCallersHasteSaysNothingOfThePlugin() {
        first.hang("Test");
        assertThat(failure(() -> to("x-synse-plugin", "P1")
                        .withDeadlineAfter(100, TimeUnit.MILLISECONDS)
                        .test(Empty.getDefaultInstance())))
                .startsWith("DEADLINE_EXCEEDED");
        first.fail("Health", "INTERNAL");
        assertThat(failure(() -> to("x-synse-plugin", "P1").health(Empty.getDefaultInstance())))
                .isEqualTo("INTERNAL: emulated INTERNAL");
        Await.until("the first to count", () -> plugins.find("P1").orElseThrow().disconnects() == 1);
        assertThat(plugins.find("P1").orElseThrow().reason()).startsWith("INTERNAL");
    }

    @Test
    void readsNoFasterThanTheCallerAndPassesItsEndOn() {
        first.device(device());
        Slow slow = new Slow();
        V3PluginGrpc.newStub(ClientInterceptors.intercept(channel, header("x-synse-plugin", "P1")))
                .readStream(V3StreamRequest.getDefaultInstance(), slow);
        Await.until("the stream", () -> first.streams() == 1);
        String text = "x".repeat(100_000);
        for (int i = 0; i < 60; i++) {
            first.emit(reading(text));
        }
        slow.call().request(1);
        Await.until("the first", () -> slow.messages.get() == 1);
        long sent = plugins.calls().stream()
                .filter(count -> count.method().equals("ReadStream"))
                .mapToLong(CallCount::received)
                .sum();
        assertThat(sent).as("messages taken from the plugin").isLessThan(60);
        slow.call().request(100);
        Await.until("the rest", () -> slow.messages.get() == 60);
        slow.call().cancel("enough", null);
        Await.until("the plugin knows", () -> first.streams() == 0);
        assertThat(plugins.find("P1").orElseThrow().disconnects()).isZero();
    }

    @Test
    void whatIsUnderWayGoesOnWhenNoMoreCallsAreTaken() {
        first.device(device());
        Iterator<V3Reading> answers = to("x-synse-plugin", "P1")
                .withDeadlineAfter(30, TimeUnit.SECONDS)
                .readStream(V3StreamRequest.getDefaultInstance());
        Await.until("the stream", () -> first.streams() == 1);

        entrance.drain();

        Await.until("no call is taken", this::refusesCalls);
        first.emit(reading("after"));
        assertThat(answers.next().getStringValue()).isEqualTo("after");
        first.endStreams();
        assertThat(answers.hasNext()).isFalse();
    }

    @Test
    void nothingElseIsCalled() {
        // A look asks those that are known for Test, and there may have been a second one.
        int before = first.calls("Test");
        assertThat(codeOf("synse.Other/Test")).isEqualTo(Status.Code.UNIMPLEMENTED);
        assertThat(first.calls("Test")).isEqualTo(before);
        assertThat(codeOf("synse.V3Plugin/Newer")).as("the plugin's own word").isEqualTo(Status.Code.UNIMPLEMENTED);
        assertThat(plugins.calls())
                .extracting(CallCount::method)
                .contains("other")
                .doesNotContain("Newer");
        assertThat(plugins.find("P1").orElseThrow().disconnects()).isZero();
    }

    private boolean refusesCalls() {
        try {
            return !to("x-synse-plugin", "P2").test(Empty.getDefaultInstance()).isInitialized();
        } catch (StatusRuntimeException e) {
            return e.getStatus().getCode() == Status.Code.UNAVAILABLE;
        }
    }

    private Status.Code codeOf(String method) {
        return catchThrowableOfType(
                        StatusRuntimeException.class,
                        () -> ClientCalls.blockingUnaryCall(
                                ClientInterceptors.intercept(channel, header("x-synse-plugin", "P1")),
                                V3PluginGrpc.getTestMethod().toBuilder()
                                        .setFullMethodName(method)
                                        .build(),
                                CallOptions.DEFAULT,
                                Empty.getDefaultInstance()))
                .getStatus()
                .getCode();
    }

    private V3PluginGrpc.V3PluginBlockingStub to(String header, String value) {
        return V3PluginGrpc.newBlockingStub(channel).withInterceptors(header(header, value));
    }

    private static ClientInterceptor header(String name, String value) {
        Metadata headers = new Metadata();
        headers.put(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER), value);
        return MetadataUtils.newAttachHeadersInterceptor(headers);
    }

    private static String failure(ThrowingCallable call) {
        return String.valueOf(
                catchThrowableOfType(StatusRuntimeException.class, call).getMessage());
    }

    private static PluginConfig config(PluginAddress... addresses) {
        return new PluginConfig(List.of(addresses), Duration.ofMinutes(2), Duration.ofSeconds(10), null);
    }

    private static Device device() {
        return new Device("", "d1", "led", "P1", "", "", Map.of(), "r", List.of(), List.of(), List.of(), 0);
    }

    private static Reading reading(Object value) {
        return new Reading("d1", "", "state", "led", "", Map.of(), null, value);
    }

    /** Takes messages when it is told to. */
    private static final class Slow implements ClientResponseObserver<V3StreamRequest, V3Reading> {
        private final AtomicInteger messages = new AtomicInteger();
        private volatile @Nullable ClientCallStreamObserver<V3StreamRequest> call;

        @Override
        public void beforeStart(ClientCallStreamObserver<V3StreamRequest> stream) {
            stream.disableAutoRequestWithInitial(0);
            call = stream;
        }

        private ClientCallStreamObserver<V3StreamRequest> call() {
            return Await.found("the call", () -> call);
        }

        @Override
        public void onNext(V3Reading message) {
            messages.incrementAndGet();
        }

        @Override
        public void onError(Throwable failure) {
            messages.addAndGet(0);
        }

        @Override
        public void onCompleted() {
            messages.addAndGet(0);
        }
    }
}
