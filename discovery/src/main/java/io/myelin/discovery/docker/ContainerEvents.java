package io.myelin.discovery.docker;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.myelin.discovery.fetch.HttpCall;
import java.net.URLEncoder;
import java.util.function.Predicate;

/** What a daemon tells of containers that start and end: which of it concerns the containers of one image. */
final class ContainerEvents implements Predicate<String> {
    /*
     * Docker's API: GET /events answers with a JSON object per line, such as {"Type": "container", "Action": "start",
     * "from": "web:1", "Actor": {"Attributes": {"image": "web:1"}}}, for as long as the client stays.
     */
    static final HttpCall CALL = HttpCall.getJson(
            "/events?filters=" + URLEncoder.encode("{\"type\":[\"container\"],\"event\":[\"start\",\"die\"]}", UTF_8));

    private static final ObjectMapper JSON = new ObjectMapper();

    private final ImageName image;

    ContainerEvents(ImageName image) {
        this.image = image;
    }

    /** Returns whether {@code line} may be about the image; what cannot be told apart may. */
    @Override
    public boolean test(String line) {
        try {
            JsonNode event = JSON.readTree(line);
            String named = event.path("Actor")
                    .path("Attributes")
                    .path("image")
                    .asText(event.path("from").asText());
            boolean untagged = named.isEmpty() || named.startsWith("sha256:");
            return untagged || image.matches(ImageName.parse(named));
        } catch (JsonProcessingException ignored) {
            // Asking once more than needed does no harm.
            return true;
        }
    }
}
