package io.myelin.discovery.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.myelin.model.Endpoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is read from objects, and what is made of it. */
class SelectionTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String POD = "'targetRef': {'kind': 'Pod', 'name': 'p'}";

    @Test
    void scenario31OnlyReadyAddressesOfPodsCountAtTheirOnlyPortOrTheOneCalledHttp() {
        Selection selection = select(
                PortRule.PLUGIN,
                KubernetesResource.ENDPOINTS,
                "[{'addresses': [{'ip': '10.0.0.1', 'targetRef': {'kind': 'Pod', 'name': 'one'}},"
                        + " {'ip': '10.0.0.2', 'targetRef': {'kind': 'pod', 'name': 'two'}},"
                        + " {'ip': '10.0.0.3', 'targetRef': {'kind': 'Node', 'name': 'n'}}, {'ip': '10.0.0.4'}],"
                        + " 'notReadyAddresses': [{'ip': '10.0.0.5', " + POD + "}],"
                        + " 'ports': [{'name': 'grpc', 'port': 5001}]},"
                        + " {'addresses': [{'ip': '10.0.1.1', " + POD + "}],"
                        + " 'ports': [{'name': 'x', 'port': 1}, {'name': 'http', 'port': 5002}, {'name': 'http', 'port': 3}]},"
                        + " {'addresses': [{'ip': '10.0.2.1', " + POD + "}],"
                        + " 'ports': [{'name': 'x', 'port': 1}, {'name': 'y', 'port': 2}]},"
                        + " {'addresses': [{'ip': '10.0.3.1', " + POD + "}]},"
                        + " {'notReadyAddresses': [{'ip': '10.0.4.1', " + POD + "}], 'ports': [{'port': 5}]}]");

        assertThat(selection.endpoints())
                .extracting(endpoint -> endpoint.name() + " " + endpoint.address())
                .containsExactly("one 10.0.0.1:5001", "two 10.0.0.2:5001", "p 10.0.1.1:5002");
        assertThat(selection.problem()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                " | [{'name': 'any', 'port': 80}] | 80",
                " | [{'name': 'admin', 'port': 1}, {'name': 'http', 'port': 80}] | 80",
                " | [{'port': 80}, {'port': 53, 'protocol': 'UDP'}] | 80",
                "admin | [{'name': 'admin', 'port': 1}, {'name': 'http', 'port': 80}] | 1",
                "80 | [{'name': 'admin', 'port': 1}, {'name': 'http', 'port': 80}] | 80",
                "80 | null | 80",
                " | [{'name': 'a', 'port': 1}, {'name': 'b', 'port': 2}] | web has ports [a 1, b 2] (expected: one port,"
                        + " one that is called http, or the name or number of one of them in port)",
                " | [] | web has no ports (expected: one port, one that is called http, or the name or number of one of"
                        + " them in port)",
                "grpc | [{'name': 'a', 'port': 1}] | web has ports [a 1] (expected: one that is called grpc)",
                "80 | [{'name': 'a', 'port': 1}] | web has ports [a 1] (expected: port 80)",
                " | [{'name': 'a', 'port': 0}] | web has no ports (expected: one port, one that is called http, or the"
                        + " name or number of one of them in port)"
            })
    void aPortGoesByNameOrNumberOrIsTheOnlyOne(String rule, String ports, String expected) {
        Selection selection = select(
                rule == null
                        ? PortRule.ONLY
                        : rule.matches("\\d+") ? PortRule.numbered(Integer.parseInt(rule)) : PortRule.named(rule),
                KubernetesResource.ENDPOINTS,
                "[{'addresses': [{'ip': '10.0.0.1'}], 'ports': " + ports + "}]");

        String found = selection.endpoints().isEmpty()
                ? selection.problem()
                : String.valueOf(selection.endpoints().get(0).port());
        assertThat(found).isEqualTo(expected);
    }

    @Test
    void slicesSayWhoIsReadyAndWhere() {
        Selection selection = select(
                PortRule.ONLY,
                KubernetesResource.ENDPOINT_SLICES,
                "{'addressType': 'IPv4', 'ports': [{'name': '', 'port': 80}], 'endpoints': ["
                        + "{'addresses': ['10.0.0.1'], 'conditions': {'ready': true, 'serving': true,"
                        + " 'terminating': false}, 'nodeName': 'n1', 'zone': 'z1',"
                        + " 'hints': {'forZones': [{'name': 'z1'}, {'name': 'z2'}]}, "
                        + POD
                        + "}, {'addresses': ['10.0.0.2'], 'conditions': {}}, {'addresses': ['10.0.0.3']},"
                        + " {'addresses': ['10.0.0.4'], 'conditions': {'ready': null}},"
                        + " {'addresses': ['10.0.0.5'], 'conditions': {'ready': false, 'serving': true}},"
                        + " {'addresses': []}]}");

        assertThat(selection.endpoints())
                .extracting(Endpoint::host)
                .containsExactly("10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.0.4");
        assertThat(selection.endpoints().get(0).labels())
                .isEqualTo(Map.of(
                        "node", "n1", "zone", "z1", "zone_hints", "z1,z2", "serving", "true", "terminating", "false"));
        assertThat(selection.endpoints().get(0).name()).isEqualTo("p");
    }

    @Test
    void aPodIsOneMemberInHoweverManySlicesAndFamilies() {
        String both = "'endpoints': [{'addresses': ['%s'], " + POD + "}], 'ports': [{'port': 80}]}";

        assertThat(select(
                                PortRule.ONLY,
                                KubernetesResource.ENDPOINT_SLICES,
                                "{" + both.formatted("fd00::1"),
                                "{" + both.formatted("10.0.0.1"),
                                "{" + both.formatted("10.0.0.1"))
                        .endpoints())
                .extracting(Endpoint::address)
                .containsExactly("10.0.0.1:80");
        assertThat(select(PortRule.ONLY, KubernetesResource.ENDPOINT_SLICES, "{" + both.formatted("fd00::1"))
                        .endpoints())
                .extracting(Endpoint::address)
                .containsExactly("[fd00::1]:80");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'metadata': {'name': 'x'}, 'subsets': 'none'} | subsets is no list (expected: a list or null)",
                "{'metadata': {'name': 'x'}, 'subsets': [{'addresses': {}}]} | addresses is no list (expected: a list or"
                        + " null)",
                "{'subsets': []} | an object without name (expected: metadata.name)"
            })
    void whatIsNoEndpointsIsSaid(String object, String problem) {
        assertThatThrownBy(
                        () -> ObjectReader.read(JSON.readTree(object.replace('\'', '"')), KubernetesResource.ENDPOINTS))
                .isInstanceOf(MalformedObjectException.class)
                .hasMessage(problem);
    }

    private static Selection select(PortRule rule, KubernetesResource resource, String... contents) {
        List<ServiceObject> objects = new ArrayList<>();
        for (String content : contents) {
            String quoted = content.replace('\'', '"');
            String object = resource == KubernetesResource.ENDPOINTS
                    ? "{\"metadata\": {\"name\": \"web\"}, \"subsets\": " + quoted + "}"
                    : quoted.replaceFirst("\\{", "{\"metadata\": {\"name\": \"web\"}, ");
            try {
                objects.add(ObjectReader.read(JSON.readTree(object), resource));
            } catch (MalformedObjectException | JsonProcessingException e) {
                throw new AssertionError(e);
            }
        }
        boolean plugins = rule.kind() == PortRule.Kind.PLUGIN;
        return Selection.of(
                objects, new KubernetesConfig(KubernetesAccess.STANDARD, "", resource, "web", "", rule, plugins));
    }
}
