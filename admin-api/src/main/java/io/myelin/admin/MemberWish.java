package io.myelin.admin;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.myelin.balance.Member.AdminState;
import io.myelin.model.Endpoint;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an operator wants of a member.
 *
 * @param state {@code null} to leave it
 * @param weighed whether something is said of the weight
 * @param weight {@code null} for the one that configuration or registry give
 */
record MemberWish(
        @Nullable AdminState state,
        boolean weighed,
        @Nullable Integer weight) {
    private static final String EXPECTED =
            "{\"state\": \"ready\", \"drain\" or \"maintenance\", \"weight\": 0..256 or null}, or one of the two";

    private static final Map<String, AdminState> STATES =
            Map.of("ready", AdminState.READY, "drain", AdminState.DRAIN, "maintenance", AdminState.MAINT);

    /**
     * Reads the body of a request.
     *
     * @throws MalformedWishException if it is none
     */
    static MemberWish parse(String body) throws MalformedWishException {
        JsonNode wish;
        try {
            wish = Json.read(body);
        } catch (JsonProcessingException e) {
            throw new MalformedWishException("body: " + e.getOriginalMessage(), EXPECTED);
        }
        if (!wish.isObject() || wish.isEmpty()) {
            throw new MalformedWishException("body: nothing is wished for", EXPECTED);
        }
        for (Map.Entry<String, JsonNode> field : wish.properties()) {
            if (!field.getKey().equals("state") && !field.getKey().equals("weight")) {
                throw new MalformedWishException(field.getKey() + ": unknown", EXPECTED);
            }
        }
        return new MemberWish(state(wish.get("state")), wish.has("weight"), weight(wish.get("weight")));
    }

    private static @Nullable AdminState state(@Nullable JsonNode node) throws MalformedWishException {
        if (node == null) {
            return null;
        }
        AdminState state = STATES.get(node.asText());
        if (state == null) {
            throw new MalformedWishException("state: " + node, "\"ready\", \"drain\" or \"maintenance\"");
        }
        return state;
    }

    private static @Nullable Integer weight(@Nullable JsonNode node) throws MalformedWishException {
        if (node == null || node.isNull()) {
            return null;
        }
        if (!node.isInt() || node.asInt() < 0 || node.asInt() > Endpoint.MAX_WEIGHT) {
            throw new MalformedWishException("weight: " + node, "0.." + Endpoint.MAX_WEIGHT + ", or null");
        }
        return node.asInt();
    }
}
