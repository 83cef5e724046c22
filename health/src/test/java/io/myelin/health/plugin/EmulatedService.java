package io.myelin.health.plugin;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.myelin.health.plugin.wire.Empty;
import io.myelin.health.plugin.wire.HealthStatus;
import io.myelin.health.plugin.wire.V3Bounds;
import io.myelin.health.plugin.wire.V3Device;
import io.myelin.health.plugin.wire.V3DeviceCapability;
import io.myelin.health.plugin.wire.V3DeviceOutput;
import io.myelin.health.plugin.wire.V3DeviceSelector;
import io.myelin.health.plugin.wire.V3Health;
import io.myelin.health.plugin.wire.V3HealthCheck;
import io.myelin.health.plugin.wire.V3Metadata;
import io.myelin.health.plugin.wire.V3OutputUnit;
import io.myelin.health.plugin.wire.V3PluginGrpc;
import io.myelin.health.plugin.wire.V3ReadRequest;
import io.myelin.health.plugin.wire.V3Reading;
import io.myelin.health.plugin.wire.V3StreamRequest;
import io.myelin.health.plugin.wire.V3Tag;
import io.myelin.health.plugin.wire.V3TestStatus;
import io.myelin.health.plugin.wire.V3TransactionSelector;
import io.myelin.health.plugin.wire.V3TransactionStatus;
import io.myelin.health.plugin.wire.V3Version;
import io.myelin.health.plugin.wire.V3WriteCapability;
import io.myelin.health.plugin.wire.V3WriteData;
import io.myelin.health.plugin.wire.V3WritePayload;
import io.myelin.health.plugin.wire.V3WriteTransaction;
import io.myelin.health.plugin.wire.WriteStatus;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** What an emulated plugin answers. Safe from any thread. */
final class EmulatedService extends V3PluginGrpc.V3PluginImplBase {
    private static final String TIMESTAMP = "2024-01-02T03:04:05Z";
    private static final String TIMEOUT = "30s";

    private final Map<String, Shown> devices = new ConcurrentSkipListMap<>();
    private final Map<String, V3TransactionStatus> transactions = new ConcurrentSkipListMap<>();
    private final List<Follower> followers = new CopyOnWriteArrayList<>();
    private final List<String> written = new CopyOnWriteArrayList<>();
    private final AtomicInteger transactionNumber = new AtomicInteger();
    private volatile Identity identity;
    private volatile PluginHealth.Status health = PluginHealth.Status.OK;
    private volatile Outcome outcome = new Outcome(Transaction.Status.DONE, "");

    private record Identity(String id, String tag) {}

    private record Outcome(Transaction.Status status, String message) {}

    private record Shown(Device device, List<Reading> readings) {}

    private record Follower(List<V3DeviceSelector> selectors, ServerCallStreamObserver<V3Reading> answers) {}

    EmulatedService(String id, String tag) {
        this.identity = new Identity(id, tag);
    }

    void become(String id, String tag) {
        identity = new Identity(id, tag);
    }

    void health(PluginHealth.Status status) {
        health = status;
    }

    void device(Device device, List<Reading> readings) {
        devices.put(device.id(), new Shown(device, readings));
    }

    void remove(String device) {
        devices.remove(device);
    }

    void writes(Transaction.Status status, String message) {
        outcome = new Outcome(status, message);
    }

    void progress(String transaction, Transaction.Status status, String message) {
        transactions.computeIfPresent(
                transaction,
                (id, known) -> known.toBuilder()
                        .setStatus(WriteStatus.valueOf(status.name()))
                        .setMessage(message)
                        .build());
    }

    void emit(Reading reading) {
        Shown shown = devices.get(reading.device());
        for (Follower follower : followers) {
            List<V3DeviceSelector> selectors = follower.selectors();
            boolean all = selectors.isEmpty();
            if (all || (shown != null && selectors.stream().anyMatch(selector -> means(selector, shown.device())))) {
                follower.answers().onNext(wire(reading));
            }
        }
    }

    int streams() {
        return followers.size();
    }

    void endStreams() {
        List<Follower> open = List.copyOf(followers);
        followers.removeAll(open);
        open.forEach(follower -> follower.answers().onCompleted());
    }

    List<String> written() {
        return List.copyOf(written);
    }

    @Override
    public void test(Empty request, StreamObserver<V3TestStatus> answers) {
        answer(answers, V3TestStatus.newBuilder().setOk(true).build());
    }

    @Override
    public void version(Empty request, StreamObserver<V3Version> answers) {
        answer(
                answers,
                V3Version.newBuilder()
                        .setPluginVersion("1.2.3")
                        .setSdkVersion("3.0.0")
                        .setBuildDate(TIMESTAMP)
                        .setGitCommit("abc1234")
                        .setGitTag("1.2.3")
                        .setArch("amd64")
                        .setOs("linux")
                        .build());
    }

    @Override
    public void metadata(Empty request, StreamObserver<V3Metadata> answers) {
        Identity now = identity;
        answer(
                answers,
                V3Metadata.newBuilder()
                        .setName("emulator")
                        .setMaintainer("myelin")
                        .setTag(now.tag())
                        .setDescription("an emulated plugin")
                        .setVcs("example.org/emulator")
                        .setId(now.id())
                        .build());
    }

    @Override
    public void health(Empty request, StreamObserver<V3Health> answers) {
        HealthStatus status = HealthStatus.valueOf(health.name());
        answer(
                answers,
                V3Health.newBuilder()
                        .setTimestamp(TIMESTAMP)
                        .setStatus(status)
                        .addChecks(V3HealthCheck.newBuilder()
                                .setName("bus")
                                .setStatus(status)
                                .setMessage("looked at the bus")
                                .setTimestamp(TIMESTAMP)
                                .setType("periodic"))
                        .build());
    }

    @Override
    public void devices(V3DeviceSelector request, StreamObserver<V3Device> answers) {
        List<Shown> meant = meant(request);
        if (meant.isEmpty() && !request.getId().isEmpty()) {
            answers.onError(unknownDevice(request));
            return;
        }
        meant.forEach(shown -> answers.onNext(wire(shown.device())));
        answers.onCompleted();
    }

    @Override
    public void read(V3ReadRequest request, StreamObserver<V3Reading> answers) {
        List<Shown> meant = meant(request.getSelector());
        if (meant.isEmpty() && !request.getSelector().getId().isEmpty()) {
            answers.onError(unknownDevice(request.getSelector()));
            return;
        }
        meant.forEach(shown -> shown.readings().forEach(reading -> answers.onNext(wire(reading))));
        answers.onCompleted();
    }

    @Override
    public void readCache(V3Bounds request, StreamObserver<V3Reading> answers) {
        devices.values().stream()
                .flatMap(shown -> shown.readings().stream())
                .filter(reading ->
                        request.getStart().isEmpty() || reading.timestamp().compareTo(request.getStart()) >= 0)
                .filter(reading ->
                        request.getEnd().isEmpty() || reading.timestamp().compareTo(request.getEnd()) <= 0)
                .forEach(reading -> answers.onNext(wire(reading)));
        answers.onCompleted();
    }

    @Override
    public void readStream(V3StreamRequest request, StreamObserver<V3Reading> answers) {
        ServerCallStreamObserver<V3Reading> call = (ServerCallStreamObserver<V3Reading>) answers;
        Follower follower = new Follower(request.getSelectorsList(), call);
        call.setOnCancelHandler(() -> followers.remove(follower));
        followers.add(follower);
    }

    @Override
    public void writeAsync(V3WritePayload request, StreamObserver<V3WriteTransaction> answers) {
        Optional<Device> device = written(request, answers);
        if (device.isEmpty()) {
            return;
        }
        for (V3WriteData write : request.getDataList()) {
            V3TransactionStatus transaction = begin(device.get(), write);
            answers.onNext(V3WriteTransaction.newBuilder()
                    .setId(transaction.getId())
                    .setDevice(device.get().id())
                    .setContext(write)
                    .setTimeout(TIMEOUT)
                    .build());
        }
        answers.onCompleted();
    }

    @Override
    public void writeSync(V3WritePayload request, StreamObserver<V3TransactionStatus> answers) {
        Optional<Device> device = written(request, answers);
        if (device.isPresent()) {
            request.getDataList().forEach(write -> answers.onNext(begin(device.get(), write)));
            answers.onCompleted();
        }
    }

    @Override
    public void transaction(V3TransactionSelector request, StreamObserver<V3TransactionStatus> answers) {
        V3TransactionStatus transaction = transactions.get(request.getId());
        if (transaction == null) {
            answers.onError(Status.NOT_FOUND
                    .withDescription("transaction not found: " + request.getId())
                    .asRuntimeException());
        } else {
            answer(answers, transaction);
        }
    }

    @Override
    public void transactions(Empty request, StreamObserver<V3TransactionStatus> answers) {
        transactions.values().forEach(answers::onNext);
        answers.onCompleted();
    }

    private Optional<Device> written(V3WritePayload request, StreamObserver<?> answers) {
        Optional<Device> device =
                meant(request.getSelector()).stream().findFirst().map(Shown::device);
        if (device.isEmpty()) {
            answers.onError(unknownDevice(request.getSelector()));
        } else if (!device.get().mode().contains("w")) {
            answers.onError(Status.INVALID_ARGUMENT
                    .withDescription("writing is not supported")
                    .asRuntimeException());
            return Optional.empty();
        }
        return device;
    }

    private V3TransactionStatus begin(Device device, V3WriteData write) {
        written.add(
                device.id() + ' ' + write.getAction() + ' ' + write.getData().toString(UTF_8));
        String id = write.getTransaction().isEmpty()
                ? "transaction-" + transactionNumber.incrementAndGet()
                : write.getTransaction();
        V3TransactionStatus transaction = V3TransactionStatus.newBuilder()
                .setId(id)
                .setCreated(TIMESTAMP)
                .setUpdated(TIMESTAMP)
                .setMessage(outcome.message())
                .setTimeout(TIMEOUT)
                .setStatus(WriteStatus.valueOf(outcome.status().name()))
                .setContext(write)
                .build();
        transactions.put(id, transaction);
        return transaction;
    }

    private List<Shown> meant(V3DeviceSelector selector) {
        return devices.values().stream()
                .filter(shown -> means(selector, shown.device()))
                .toList();
    }

    private static boolean means(V3DeviceSelector selector, Device device) {
        if (!selector.getId().isEmpty()) {
            return selector.getId().equals(device.id()) || selector.getId().equals(device.alias());
        }
        return selector.getTagsList().stream()
                .allMatch(tag ->
                        device.tags().contains(new Tag(tag.getNamespace(), tag.getAnnotation(), tag.getLabel())));
    }

    private static RuntimeException unknownDevice(V3DeviceSelector selector) {
        return Status.NOT_FOUND
                .withDescription("device not found: " + selector.getId())
                .asRuntimeException();
    }

    private static <T> void answer(StreamObserver<T> answers, T message) {
        answers.onNext(message);
        answers.onCompleted();
    }

    private static V3Device wire(Device device) {
        V3Device.Builder builder = V3Device.newBuilder()
                .setTimestamp(device.timestamp())
                .setId(device.id())
                .setType(device.type())
                .setPlugin(device.plugin())
                .setInfo(device.description())
                .setAlias(device.alias())
                .putAllMetadata(device.metadata())
                .setCapabilities(V3DeviceCapability.newBuilder()
                        .setMode(device.mode())
                        .setWrite(V3WriteCapability.newBuilder().addAllActions(device.actions())))
                .setSortIndex(device.sortIndex());
        device.tags()
                .forEach(tag -> builder.addTags(V3Tag.newBuilder()
                        .setNamespace(tag.namespace())
                        .setAnnotation(tag.annotation())
                        .setLabel(tag.label())));
        device.outputs()
                .forEach(output -> builder.addOutputs(V3DeviceOutput.newBuilder()
                        .setName(output.name())
                        .setType(output.type())
                        .setPrecision(output.precision())
                        .setScalingFactor(output.scalingFactor())
                        .setUnit(wire(output.unit()))));
        return builder.build();
    }

    private static V3OutputUnit wire(Unit unit) {
        return V3OutputUnit.newBuilder()
                .setName(unit.name())
                .setSymbol(unit.symbol())
                .build();
    }

    private static V3Reading wire(Reading reading) {
        V3Reading.Builder builder = V3Reading.newBuilder()
                .setId(reading.device())
                .setTimestamp(reading.timestamp())
                .setType(reading.type())
                .setDeviceType(reading.deviceType())
                .setDeviceInfo(reading.description())
                .putAllContext(reading.context());
        Unit unit = reading.unit();
        if (unit != null) {
            builder.setUnit(wire(unit));
        }
        Object value = reading.value();
        if (value instanceof String text) {
            builder.setStringValue(text);
        } else if (value instanceof Boolean flag) {
            builder.setBoolValue(flag);
        } else if (value instanceof Float number) {
            builder.setFloat32Value(number);
        } else if (value instanceof Double number) {
            builder.setFloat64Value(number);
        } else if (value instanceof Integer number) {
            builder.setInt32Value(number);
        } else if (value instanceof Number number) {
            builder.setInt64Value(number.longValue());
        } else if (value instanceof RawText raw) {
            builder.setBytesValue(ByteString.copyFromUtf8(raw.text()));
        }
        return builder.build();
    }
}
