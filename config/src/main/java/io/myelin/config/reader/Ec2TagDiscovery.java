package io.myelin.config.reader;

import io.myelin.config.document.Mapping.Entry;
import io.myelin.config.document.Node;
import io.myelin.config.document.Scalar;
import io.myelin.discovery.DiscoveryConfig;
import io.myelin.discovery.ec2tag.Ec2TagConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reads the {@code discovery} of a service on tagged instances of EC2. */
final class Ec2TagDiscovery implements DiscoveryMethod {
    static final Keys KEYS = Keys.of(
            List.of(
                    "tag_name",
                    "tag_value",
                    "tags",
                    "aws_region",
                    "aws_access_key_id",
                    "aws_secret_access_key",
                    "check_interval"),
            List.of());

    private static final String TAG_FORMS = "tag_name and tag_value, or tags: {name: value}";

    private final Section service;

    /** Creates a reader for a service, which says what port its instances serve at. */
    Ec2TagDiscovery(Section service) {
        this.service = service;
    }

    @Override
    public Keys keys() {
        return KEYS;
    }

    @Override
    public @Nullable DiscoveryConfig read(Section discovery) {
        SortedMap<String, List<String>> tags = tags(discovery);
        Integer port = port(discovery);
        String region = discovery.text("aws_region", "[a-z0-9-]+", "a region such as eu-west-1");
        Ec2TagConfig.Keys keys = keys(discovery);
        Duration interval = Seconds.positive(discovery, "check_interval", Ec2TagConfig.DEFAULT_CHECK_INTERVAL);
        return tags.isEmpty() || port == null ? null : new Ec2TagConfig(tags, port, region, keys, interval);
    }

    private static SortedMap<String, List<String>> tags(Section discovery) {
        SortedMap<String, List<String>> tags = new TreeMap<>();
        String name = discovery.text("tag_name");
        String value = discovery.text("tag_value");
        if (name != null && value != null && !name.isBlank()) {
            tags.put(name, List.of(value));
        } else if (name != null || value != null) {
            discovery.problems().error(discovery.where(), "has only one of tag_name and tag_value", TAG_FORMS);
        }
        Section several = discovery.section("tags");
        if (several != null) {
            for (Entry entry : several.entries()) {
                List<String> values = new ArrayList<>(several.texts(entry.name()));
                if (values.isEmpty() || entry.name().isBlank()) {
                    discovery.problems().error(several.whereKey(entry.name()), "has no value", TAG_FORMS);
                } else {
                    tags.put(entry.name(), values);
                }
            }
        }
        if (tags.isEmpty()
                && name == null
                && value == null
                && (several == null || several.entries().isEmpty())) {
            discovery.problems().error(discovery.where(), "has no tags", TAG_FORMS);
        }
        return tags;
    }

    /** Neither text is repeated in a message. */
    private static Ec2TagConfig.@Nullable Keys keys(Section discovery) {
        String id = discovery.text("aws_access_key_id");
        String secret = discovery.text("aws_secret_access_key");
        if (id == null && secret == null) {
            return null;
        }
        if (id == null || secret == null || id.isBlank() || secret.isBlank()) {
            discovery
                    .problems()
                    .error(
                            discovery.where(),
                            "has only one of aws_access_key_id and aws_secret_access_key",
                            "both, or none to use the credentials of the environment or the instance");
            return null;
        }
        return new Ec2TagConfig.Keys(id.strip(), secret.strip());
    }

    private @Nullable Integer port(Section discovery) {
        Integer port = StatedPort.of(service);
        if (port == null) {
            Node stated = service.node("backend_port_override");
            discovery
                    .problems()
                    .error(
                            stated == null ? service.where() : service.where("backend_port_override"),
                            stated instanceof Scalar scalar ? scalar.text() : "has no backend_port_override",
                            "the port of the instances, since tags do not say: 1..65535");
        }
        return port;
    }
}
