package io.forebay.gateway.auth.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PolicyTest {
    private static final String OBJECT = "arn:aws:s3:::b/k";

    private static String policy(String... statements) {
        return "{\"Version\":\"2012-10-17\",\"Statement\":[" + String.join(",", statements) + "]}";
    }

    /// A statement about everything, with some of its fields replaced; single quotes stand for double ones.
    private static String statement(String effect, String... fields) {
        Map<String, String> all = new HashMap<>();
        all.put("Principal", "'*'");
        all.put("Action", "'s3:*'");
        all.put("Resource", "['arn:aws:s3:::b','arn:aws:s3:::b/*']");
        for (int index = 0; index < fields.length; index += 2) {
            all.remove(fields[index].replace("Not", ""));
            all.put(fields[index], fields[index + 1]);
        }
        StringBuilder text = new StringBuilder("{'Effect':'" + effect + "'");
        all.forEach((name, value) -> text.append(",'").append(name).append("':").append(value));
        return text.append('}').toString().replace('\'', '"');
    }

    private static Decision ask(String policy, String action, String resource, String... context) {
        Map<String, List<String>> values = new HashMap<>();
        for (int index = 0; index < context.length; index += 2) {
            values.put(context[index], List.of(context[index + 1].split("\\+", -1)));
        }
        PolicyRequest request = new PolicyRequest(
                Set.of("id-ann", "ann", "arn:aws:iam:::user/ann"),
                action,
                resource,
                key -> values.getOrDefault(key, List.of()));
        return Policy.ofBucket(policy, "b").evaluate(request);
    }

    @Test
    void denyCountsMoreThanAllowWhateverTheOrder() {
        String allow = statement("Allow");
        String deny = statement("Deny", "Action", "'s3:GetObject'");
        assertThat(ask(policy(allow, deny), "s3:GetObject", OBJECT)).isEqualTo(Decision.DENY);
        assertThat(ask(policy(deny, allow), "s3:GetObject", OBJECT)).isEqualTo(Decision.DENY);
        assertThat(ask(policy(deny, allow), "s3:PutObject", OBJECT)).isEqualTo(Decision.ALLOW);
        assertThat(ask(policy(deny), "s3:PutObject", OBJECT)).isEqualTo(Decision.NONE);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            Principal | '*' | ALLOW
            Principal | {'AWS':'*'} | ALLOW
            Principal | {'AWS':['x','arn:aws:iam:::user/ann']} | ALLOW
            Principal | {'AWS':'ann'} | ALLOW
            Principal | {'CanonicalUser':'id-ann'} | ALLOW
            Principal | {'AWS':'bob'} | NONE
            Principal | {'Service':'ann'} | NONE
            Action | '*' | ALLOW
            Action | 'S3:GETOBJECT' | ALLOW
            Action | ['s3:PutObject','s3:Get*'] | ALLOW
            Action | 's3:GetObjectAcl' | NONE
            Action | 's3:Get?bject' | ALLOW
            NotAction | 's3:Put*' | ALLOW
            NotAction | 's3:Get*' | NONE
            Resource | 'arn:aws:s3:::b/*' | ALLOW
            Resource | 'arn:aws:s3:::*' | ALLOW
            Resource | '*' | ALLOW
            Resource | 'arn:aws:s3:::b' | NONE
            Resource | 'arn:aws:s3:::b/K' | NONE
            Resource | 'arn:aws:s3:::b/${aws:username}' | NONE
            Resource | 'arn:aws:s3:::b/${s3:prefix}' | ALLOW
            NotResource | 'arn:aws:s3:::b/x*' | ALLOW
            NotResource | 'arn:aws:s3:::b/k*' | NONE
            NotResource | 'arn:aws:s3:::b/${aws:username}' | NONE
            """)
    void statementsApplyWhereAllTheySayDoes(String field, String value, Decision decision) {
        assertThat(ask(policy(statement("Allow", field, value)), "s3:GetObject", OBJECT, "s3:prefix", "k"))
                .isEqualTo(decision);
    }

    @Test
    void notPrincipalDeniesAllOthers() {
        String deny = policy(statement("Allow"), statement("Deny", "NotPrincipal", "{'AWS':'bob'}"));
        assertThat(ask(deny, "s3:GetObject", OBJECT)).isEqualTo(Decision.DENY);
        String spare = policy(statement("Allow"), statement("Deny", "NotPrincipal", "{'AWS':['bob','ann']}"));
        assertThat(ask(spare, "s3:GetObject", OBJECT)).isEqualTo(Decision.ALLOW);
        String unresolved = policy(statement("Deny", "NotResource", "'arn:aws:s3:::b/${aws:username}'"));
        assertThat(ask(unresolved, "s3:GetObject", OBJECT)).isEqualTo(Decision.DENY);
    }

    @Test
    void anonymousCallersAreEveryoneAndNobodyElse() {
        PolicyRequest anonymous = new PolicyRequest(Set.of(), "s3:GetObject", OBJECT, key -> List.of());
        assertThat(Policy.ofBucket(policy(statement("Allow")), "b").evaluate(anonymous))
                .isEqualTo(Decision.ALLOW);
        assertThat(Policy.ofBucket(policy(statement("Allow", "Principal", "{'AWS':'ann'}")), "b")
                        .evaluate(anonymous))
                .isEqualTo(Decision.NONE);
    }

    /// The value of the request's key, `+` between several, `-` for none.
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            StringEquals | 'a' | a | true
            StringEquals | 'a' | A | false
            StringEquals | ['a','b'] | b | true
            StringEquals | 'a*' | ab | false
            StringEquals | 'a' | - | false
            StringEquals | '${aws:username}' | ann | true
            StringNotEquals | 'a' | b | true
            StringNotEquals | ['a','b'] | b | false
            StringNotEquals | 'a' | - | true
            StringEqualsIgnoreCase | 'aB' | Ab | true
            StringNotEqualsIgnoreCase | 'aB' | Ab | false
            StringLike | 'a*c?' | abbcd | true
            StringLike | 'http://x/*' | http://y/ | false
            StringNotLike | 'a*' | b | true
            StringLikeIfExists | 'a*' | - | true
            StringLikeIfExists | 'a*' | b | false
            NumericEquals | 10 | 10.0 | true
            NumericNotEquals | 10 | 11 | true
            NumericLessThan | '10' | 9 | true
            NumericLessThan | '10' | 10 | false
            NumericLessThanEquals | 10 | 10 | true
            NumericGreaterThan | 10 | 10 | false
            NumericGreaterThanEquals | 10 | 10 | true
            NumericLessThan | 10 | x | false
            NumericLessThan | 10 | 1e999999999 | false
            DateGreaterThan | '2026-01-01T00:00:00Z' | 2026-11-30T12:00:00Z | true
            DateLessThan | '2026-01-01' | 2026-11-30T12:00:00Z | false
            DateEquals | '1970-01-01T00:00:10Z' | 10 | true
            DateNotEquals | '1970-01-01T00:00:10Z' | 11 | true
            DateLessThanEquals | '2026-11-30T14:00:00+02:00' | 2026-11-30T12:00:00Z | true
            DateGreaterThanEquals | 10 | 9 | false
            Bool | 'true' | TRUE | true
            Bool | false | true | false
            BinaryEquals | 'YQ==' | YQ== | true
            IpAddress | '203.0.113.0/24' | 203.0.113.7 | true
            IpAddress | '203.0.113.0/25' | 203.0.113.129 | false
            IpAddress | ['10.0.0.1','2001:db8::/33'] | 2001:db8:7fff::1 | true
            IpAddress | '2001:db8::/33' | 2001:db8:8000::1 | false
            IpAddress | '0.0.0.0/0' | ::1 | false
            NotIpAddress | '203.0.113.0/24' | 203.0.114.7 | true
            NotIpAddress | '203.0.113.0/24' | 203.0.113.7 | false
            NotIpAddress | '203.0.113.0/24' | - | true
            ArnEquals | 'arn:aws:s3:::b*' | arn:aws:s3:::bu | true
            ArnLike | 'arn:aws:sns:*:1:t' | arn:aws:sns:eu:1:t | true
            ArnLike | 'arn:aws:*:*:*:t' | arn:aws:sns:eu:1:t:u | false
            ArnNotLike | 'arn:aws:sns:*:1:t' | arn:aws:sns:eu:2:t | true
            Null | 'true' | - | true
            Null | true | x | false
            Null | 'false' | x | true
            ForAllValues:StringEquals | ['a','b'] | a+b | true
            ForAllValues:StringEquals | ['a','b'] | a+c | false
            ForAllValues:StringEquals | 'a' | - | true
            ForAnyValue:StringEquals | ['a','b'] | c+b | true
            ForAnyValue:StringEquals | ['a','b'] | c+d | false
            ForAnyValue:StringEquals | 'a' | - | false
            ForAnyValue:StringLikeIfExists | 'a*' | - | true
            ForAnyValue:StringNotEquals | 'a' | a+b | true
            ForAllValues:StringNotEquals | 'a' | a+b | false
            """)
    void conditionsCompare(String operator, String values, String given, boolean holds) {
        String condition = "{'" + operator + "':{'aws:Anything':" + values + "}}";
        String policy = policy(statement("Allow", "Condition", condition));
        Decision decision = given.equals("-")
                ? ask(policy, "s3:GetObject", OBJECT)
                : ask(policy, "s3:GetObject", OBJECT, "aws:anything", given, "aws:username", "ann");
        assertThat(decision).isEqualTo(holds ? Decision.ALLOW : Decision.NONE);
    }

    @Test
    void allConditionsHaveToHold() {
        String policy = policy(statement(
                "Allow",
                "Condition",
                "{'StringEquals':{'s3:prefix':'p','s3:delimiter':'/'},'NumericLessThan':{'s3:max-keys':10}}"));
        assertThat(ask(policy, "s3:GetObject", OBJECT, "s3:prefix", "p", "s3:delimiter", "/", "s3:max-keys", "9"))
                .isEqualTo(Decision.ALLOW);
        assertThat(ask(policy, "s3:GetObject", OBJECT, "s3:prefix", "p", "s3:delimiter", ":", "s3:max-keys", "9"))
                .isEqualTo(Decision.NONE);
        assertThat(ask(policy, "s3:GetObject", OBJECT, "s3:prefix", "p", "s3:delimiter", "/", "s3:max-keys", "10"))
                .isEqualTo(Decision.NONE);
    }

    @Test
    void variablesAreOfTheNewVersionOnly() {
        String statement = statement("Allow", "Resource", "'arn:aws:s3:::b/${s3:prefix}'");
        assertThat(ask("{\"Statement\":" + statement + "}", "s3:GetObject", OBJECT, "s3:prefix", "k"))
                .isEqualTo(Decision.NONE);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            Principal | '*' | true
            Principal | {'AWS':['x','*']} | true
            Principal | {'AWS':'arn:aws:iam::s3tenant1:root'} | false
            Condition | {'IpAddress':{'aws:SourceIp':'10.0.0.0/32'}} | false
            Condition | {'IpAddress':{'aws:SourceIp':['10.0.0.0/8','0.0.0.0/1']}} | true
            Condition | {'IpAddress':{'aws:SourceIp':'2000::/31'}} | true
            Condition | {'NotIpAddress':{'aws:SourceIp':'10.0.0.0/32'}} | true
            Condition | {'StringEquals':{'aws:SourceVpc':'vpc-1'}} | false
            Condition | {'StringLike':{'aws:SourceVpc':'vpc-*'}} | true
            Condition | {'StringEquals':{'aws:userid':'${aws:userid}'}} | true
            Condition | {'StringEqualsIfExists':{'aws:SourceVpc':'vpc-1'}} | true
            Condition | {'StringEquals':{'s3:prefix':'p'}} | true
            Condition | {'StringLike':{'aws:Referer':'http://x/*'}} | true
            """)
    void publicIsWhatGivesToAnyone(String field, String value, boolean expected) {
        assertThat(Policy.ofBucket(policy(statement("Allow", field, value)), "b")
                        .isPublic())
                .isEqualTo(expected);
        assertThat(Policy.ofBucket(policy(statement("Deny", field, value)), "b").isPublic())
                .isFalse();
    }

    @Test
    void saysWhenItNeedsTheTagsOfAnObject() {
        String condition = "{'StringEquals':{'s3:ExistingObjectTag/a':'b'}}";
        Policy policy =
                Policy.ofBucket(policy(statement("Allow", "Action", "'s3:GetObject'", "Condition", condition)), "b");
        assertThat(policy.readsTags("s3:getobject")).isTrue();
        assertThat(policy.readsTags("s3:putobject")).isFalse();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            Principal | 'ann' | Invalid principal
            Principal | {'AWS':'a*'} | Invalid principal
            Principal | {'X':'ann'} | Invalid principal
            Principal | {} | Invalid principal
            NotPrincipal | {'AWS':'ann'} | Allow with NotPrincipal
            Action | 's3:GetObjekt' | invalid action
            Action | 's3:Foo*' | invalid action
            Action | 'iam:GetUser' | invalid action
            Action | [] | Action is empty
            Action | {} | Field Action must be
            Resource | 'arn:aws:s3:::other/*' | invalid resource
            Resource | 'b/*' | invalid resource
            Resource | 'arn:aws:s3:::b/${x' | does not end
            Condition | {'StringIs':{'s3:prefix':'a'}} | Invalid Condition type
            Condition | {'NullIfExists':{'s3:prefix':'true'}} | Invalid Condition type
            Condition | {'ForSomeValues:StringEquals':{'s3:prefix':'a'}} | Invalid Condition type
            Condition | {'StringEquals':{'s3:prefiks':'a'}} | invalid condition key
            Condition | {'StringEquals':{'s3:ExistingObjectTag/':'a'}} | invalid condition key
            Condition | {'StringEquals':{'ec2:x':'a'}} | invalid condition key
            Condition | {'StringEquals':{'s3:prefix':[]}} | Condition without a value
            Condition | {'StringEquals':'a'} | must be an object
            Condition | 'a' | must be an object
            Condition | {'IpAddress':{'aws:SourceIp':'localhost'}} | Invalid IP address
            Condition | {'IpAddress':{'aws:SourceIp':'10.1'}} | Invalid IP address
            Condition | {'IpAddress':{'aws:SourceIp':'10.0.0.0/33'}} | Invalid IP address
            Condition | {'NumericEquals':{'s3:max-keys':'x'}} | Invalid number
            Condition | {'DateEquals':{'aws:CurrentTime':'now'}} | Invalid date
            Condition | {'Bool':{'aws:SecureTransport':'yes'}} | Invalid truth value
            Condition | {'ArnLike':{'aws:SourceArn':'a:b'}} | Invalid ARN
            Sid | 1 | Field Sid must be
            Other | 1 | Unknown field Other
            Effect | 'allow' | Invalid effect
            """)
    void refusesStatementsWithTheRuleThatTheyBreak(String field, String value, String reason) {
        String document =
                policy(statement("Allow", field, value)).replace("{\"Effect\":\"Allow\",\"Effect\"", "{\"Effect\"");
        String statement = field.equals("Effect")
                ? policy(statement("Allow").replace("\"Allow\"", value.replace('\'', '"')))
                : document;
        assertThatThrownBy(() -> Policy.ofBucket(statement, "b"))
                .isInstanceOf(MalformedPolicyException.class)
                .hasMessageContaining(reason);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            ~~ | valid JSON
            [] | valid JSON
            null | valid JSON
            {"Statement":[]}x | valid JSON
            {"Statement":[{"Effect":"Deny","Effect":"Allow"}]} | valid JSON
            {"Id":{"a":{"b":{"c":{"d":{"e":{"f":{"g":{"h":{"i":{"j":1}}}}}}}}}}} | valid JSON
            {} | Missing required field Statement
            {"Statement":[]} | Statement is empty
            {"Statement":["a"]} | Statement must be
            {"Statement":[{}]} | Missing required field Effect
            {"Statement":[{"Effect":"Allow"}]} | Missing required field Principal
            {"Statement":[{"Effect":"Allow","Principal":"*"}]} | Missing required field Action
            {"Statement":[{"Effect":"Allow","Principal":"*","Action":"*"}]} | Missing required field Resource
            {"Statement":[{"Effect":"Allow","Principal":"*","Action":"*","NotAction":"*"}]} | cannot have both
            {"Version":"2020-01-01","Statement":[]} | valid version
            {"version":"2012-10-17","Statement":[]} | Unknown field version
            """)
    void refusesDocumentsWithTheRuleThatTheyBreak(String document, String reason) {
        assertThatThrownBy(() -> Policy.ofBucket(document, "b"))
                .isInstanceOf(MalformedPolicyException.class)
                .hasMessageContaining(reason);
    }

    @Test
    void refusesDocumentsThatAreTooLarge() {
        String room = "x"
                .repeat(Policy.MAX_BYTES
                        - policy(statement("Allow", "Sid", "''")).length());
        assertThat(Policy.ofBucket(policy(statement("Allow", "Sid", "'" + room + "'")), "b")
                        .isPublic())
                .isTrue();
        assertThatThrownBy(() -> Policy.ofBucket(policy(statement("Allow", "Sid", "'" + room + "x'")), "b"))
                .hasMessageContaining("maximum allowed document size");
    }

    @Test
    void policiesOfUsersNameNoPrincipalAndAnyBucket() {
        String text = "{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Allow\",\"Action\":[\"s3:Get*\","
                + "\"iam:*\"],\"Resource\":\"arn:aws:s3:::any/*\"}}";
        Policy policy = Policy.ofHolder(text);
        assertThat(policy.text()).isEqualTo(text);
        assertThat(policy.evaluate(
                        new PolicyRequest(Set.of("ann"), "s3:GetObject", "arn:aws:s3:::any/k", key -> List.of())))
                .isEqualTo(Decision.ALLOW);
        assertThatThrownBy(() -> Policy.ofHolder(policy(statement("Allow"))))
                .hasMessageContaining("should not specify a principal");
    }
}
