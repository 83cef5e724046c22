package io.myelin.health.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.myelin.health.plugin.wire.V3Health;
import io.myelin.health.plugin.wire.V3OutputUnit;
import io.myelin.health.plugin.wire.V3Reading;
import io.myelin.health.plugin.wire.V3TransactionStatus;
import java.math.BigInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What plugins say, in the words of the program. */
class PluginWireTest {
    @Test
    void valuesKeepTheirKind() {
        assertThat(value(V3Reading.newBuilder())).isNull();
        assertThat(value(V3Reading.newBuilder().setStringValue("on"))).isEqualTo("on");
        assertThat(value(V3Reading.newBuilder().setBoolValue(false))).isEqualTo(false);
        assertThat(value(V3Reading.newBuilder().setFloat32Value(1.5f))).isEqualTo(1.5f);
        assertThat(value(V3Reading.newBuilder().setFloat64Value(Double.NaN))).isEqualTo(Double.NaN);
        assertThat(value(V3Reading.newBuilder().setInt32Value(-1))).isEqualTo(-1);
        assertThat(value(V3Reading.newBuilder().setInt64Value(-1))).isEqualTo(-1L);
        assertThat(value(V3Reading.newBuilder().setUint32Value(-1))).isEqualTo(4_294_967_295L);
        assertThat(value(V3Reading.newBuilder().setUint64Value(5))).isEqualTo(5L);
        assertThat(value(V3Reading.newBuilder().setUint64Value(-1))).isEqualTo(new BigInteger("18446744073709551615"));
        assertThat(value(V3Reading.newBuilder().setBytesValue(ByteString.copyFromUtf8("{\"a\":1}"))))
                .isEqualTo(new RawText("{\"a\":1}"));
        assertThat(value(V3Reading.newBuilder().setStringValue("{\"a\":1}"))).isEqualTo("{\"a\":1}");
    }

    @Test
    void aUnitThatIsNotNamedIsNone() {
        assertThat(PluginWire.reading(V3Reading.getDefaultInstance()).unit()).isNull();
        assertThat(PluginWire.reading(V3Reading.newBuilder()
                                .setUnit(V3OutputUnit.newBuilder()
                                        .setName("celsius")
                                        .setSymbol("C"))
                                .build())
                        .unit())
                .isEqualTo(new Unit("celsius", "C"));
    }

    @Test
    void whatNobodyKnowsIsNeitherGoodNorOver() {
        assertThat(PluginWire.health(V3Health.newBuilder().setStatusValue(99).build())
                        .status())
                .isEqualTo(PluginHealth.Status.UNKNOWN);
        assertThat(PluginWire.transaction(V3TransactionStatus.newBuilder()
                                .setStatusValue(2)
                                .build())
                        .status())
                .isEqualTo(Transaction.Status.PENDING);
    }

    private static @Nullable Object value(V3Reading.Builder reading) {
        return PluginWire.reading(reading.build()).value();
    }
}
