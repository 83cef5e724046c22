package io.myelin.health.plugin;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.ByteString;
import io.myelin.health.plugin.PluginView.Identity;
import io.myelin.health.plugin.PluginView.Version;
import io.myelin.health.plugin.wire.HealthStatus;
import io.myelin.health.plugin.wire.V3Device;
import io.myelin.health.plugin.wire.V3DeviceOutput;
import io.myelin.health.plugin.wire.V3DeviceSelector;
import io.myelin.health.plugin.wire.V3Health;
import io.myelin.health.plugin.wire.V3HealthCheck;
import io.myelin.health.plugin.wire.V3Metadata;
import io.myelin.health.plugin.wire.V3OutputUnit;
import io.myelin.health.plugin.wire.V3Reading;
import io.myelin.health.plugin.wire.V3Tag;
import io.myelin.health.plugin.wire.V3TransactionStatus;
import io.myelin.health.plugin.wire.V3Version;
import io.myelin.health.plugin.wire.V3WriteData;
import io.myelin.health.plugin.wire.V3WritePayload;
import io.myelin.health.plugin.wire.V3WriteTransaction;
import io.myelin.health.plugin.wire.WriteStatus;
import java.math.BigInteger;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Turns what is said on the wire into the words of the program, and back. */
final class PluginWire {
    private static final int UNSIGNED_LONG_BITS = 64;

    private PluginWire() {}

    static Identity identity(V3Metadata wire) {
        return new Identity(
                wire.getName(),
                wire.getMaintainer(),
                wire.getTag(),
                wire.getDescription(),
                wire.getVcs(),
                wire.getId());
    }

    static Version version(V3Version wire) {
        return new Version(
                wire.getPluginVersion(),
                wire.getSdkVersion(),
                wire.getBuildDate(),
                wire.getGitCommit(),
                wire.getGitTag(),
                wire.getArch(),
                wire.getOs());
    }

    static PluginHealth health(V3Health wire) {
        return new PluginHealth(
                wire.getTimestamp(),
                status(wire.getStatus()),
                wire.getChecksList().stream().map(PluginWire::check).toList());
    }

    private static PluginHealth.Check check(V3HealthCheck wire) {
        return new PluginHealth.Check(
                wire.getName(), status(wire.getStatus()), wire.getMessage(), wire.getTimestamp(), wire.getType());
    }

    private static PluginHealth.Status status(HealthStatus wire) {
        return switch (wire) {
            case OK -> PluginHealth.Status.OK;
            case FAILING -> PluginHealth.Status.FAILING;
            case UNKNOWN, UNRECOGNIZED -> PluginHealth.Status.UNKNOWN;
        };
    }

    static Device device(V3Device wire) {
        return new Device(
                wire.getTimestamp(),
                wire.getId(),
                wire.getType(),
                wire.getPlugin(),
                wire.getInfo(),
                wire.getAlias(),
                wire.getMetadataMap(),
                wire.getCapabilities().getMode(),
                List.copyOf(wire.getCapabilities().getWrite().getActionsList()),
                wire.getTagsList().stream().map(PluginWire::tag).toList(),
                wire.getOutputsList().stream().map(PluginWire::output).toList(),
                wire.getSortIndex());
    }

    private static Tag tag(V3Tag wire) {
        return new Tag(wire.getNamespace(), wire.getAnnotation(), wire.getLabel());
    }

    private static Device.Output output(V3DeviceOutput wire) {
        return new Device.Output(
                wire.getName(), wire.getType(), wire.getPrecision(), wire.getScalingFactor(), unit(wire.getUnit()));
    }

    private static Unit unit(V3OutputUnit wire) {
        return new Unit(wire.getName(), wire.getSymbol());
    }

    static Reading reading(V3Reading wire) {
        return new Reading(
                wire.getId(),
                wire.getTimestamp(),
                wire.getType(),
                wire.getDeviceType(),
                wire.getDeviceInfo(),
                wire.getContextMap(),
                wire.hasUnit() ? unit(wire.getUnit()) : null,
                value(wire));
    }

    private static @Nullable Object value(V3Reading wire) {
        return switch (wire.getValueCase()) {
            case STRING_VALUE -> wire.getStringValue();
            case BOOL_VALUE -> wire.getBoolValue();
            case FLOAT32_VALUE -> wire.getFloat32Value();
            case FLOAT64_VALUE -> wire.getFloat64Value();
            case INT32_VALUE -> wire.getInt32Value();
            case INT64_VALUE -> wire.getInt64Value();
            case BYTES_VALUE -> new RawText(wire.getBytesValue().toString(UTF_8));
            case UINT32_VALUE -> Integer.toUnsignedLong(wire.getUint32Value());
            case UINT64_VALUE -> unsigned(wire.getUint64Value());
            case VALUE_NOT_SET -> null;
        };
    }

    private static Number unsigned(long bits) {
        return bits >= 0 ? (Number) bits : BigInteger.valueOf(bits).add(BigInteger.ONE.shiftLeft(UNSIGNED_LONG_BITS));
    }

    static V3DeviceSelector selector(Selector selector) {
        V3DeviceSelector.Builder wire = V3DeviceSelector.newBuilder().setId(selector.id());
        for (Tag tag : selector.tags()) {
            wire.addTags(V3Tag.newBuilder()
                    .setNamespace(tag.namespace())
                    .setAnnotation(tag.annotation())
                    .setLabel(tag.label()));
        }
        return wire.build();
    }

    static V3WritePayload write(Selector selector, List<WriteCommand> commands) {
        V3WritePayload.Builder wire = V3WritePayload.newBuilder().setSelector(selector(selector));
        for (WriteCommand command : commands) {
            wire.addData(V3WriteData.newBuilder()
                    .setAction(command.action())
                    .setData(ByteString.copyFromUtf8(command.content()))
                    .setTransaction(command.transaction()));
        }
        return wire.build();
    }

    static WriteOrder order(V3WriteTransaction wire) {
        return new WriteOrder(wire.getId(), wire.getDevice(), command(wire.getContext()), wire.getTimeout());
    }

    static Transaction transaction(V3TransactionStatus wire) {
        return new Transaction(
                wire.getId(),
                wire.getCreated(),
                wire.getUpdated(),
                wire.getMessage(),
                wire.getTimeout(),
                status(wire.getStatus()),
                command(wire.getContext()));
    }

    /** A status that nobody knows is none of those that end a write. */
    private static Transaction.Status status(WriteStatus wire) {
        return switch (wire) {
            case WRITING -> Transaction.Status.WRITING;
            case DONE -> Transaction.Status.DONE;
            case ERROR -> Transaction.Status.ERROR;
            case PENDING, UNRECOGNIZED -> Transaction.Status.PENDING;
        };
    }

    private static WriteCommand command(V3WriteData wire) {
        return new WriteCommand(wire.getAction(), wire.getData().toString(UTF_8), wire.getTransaction());
    }
}
