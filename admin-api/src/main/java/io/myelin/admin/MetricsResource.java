package io.myelin.admin;

import io.myelin.model.Clock;
import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.ExpositionFormats;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** All metrics in the text format of Prometheus, or of OpenMetrics for clients that accept it. */
final class MetricsResource implements Resource {
    private final ProcessView view;
    private final Clock clock;
    private final ExpositionFormats formats = ExpositionFormats.init();

    MetricsResource(ProcessView view, Clock clock) {
        this.view = view;
        this.clock = clock;
    }

    @Override
    public Reply answer(AdminRequest request) {
        ExpositionFormatWriter openMetrics = formats.getOpenMetricsTextFormatWriter();
        ExpositionFormatWriter writer =
                openMetrics.accepts(request.accept()) ? openMetrics : formats.getPrometheusTextFormatWriter();
        ByteArrayOutputStream text = new ByteArrayOutputStream(65_536);
        try {
            writer.write(text, MetricFamilies.of(view, Times.now(clock)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Reply.text(writer.getContentType(), text.toString(StandardCharsets.UTF_8));
    }
}
