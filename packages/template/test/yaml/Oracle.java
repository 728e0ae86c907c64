import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.AbstractConstruct;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/** Reads one text in Base64 per line, and prints its tree as SnakeYAML reads it, as one line of JSON; null for an error. */
public class Oracle {
  /** A value with a local tag such as !Ref. */
  static final class Tagged {
    final String tag;
    final Object value;

    Tagged(String tag, Object value) {
      this.tag = tag;
      this.value = value;
    }
  }

  static final class TemplateConstructor extends SafeConstructor {
    TemplateConstructor() {
      super(new LoaderOptions());
      yamlMultiConstructors.put("!", new AbstractConstruct() {
        @Override
        public Object construct(Node node) {
          Object value;
          if (node instanceof ScalarNode) value = ((ScalarNode) node).getValue();
          else if (node instanceof SequenceNode) value = constructSequence((SequenceNode) node);
          else value = constructMapping((MappingNode) node);
          return new Tagged(node.getTag().getValue(), value);
        }
      });
    }
  }

  static String quote(String text) {
    StringBuilder json = new StringBuilder("\"");
    for (char c : text.toCharArray()) {
      if (c == '"' || c == '\\') json.append('\\').append(c);
      else if (c < 0x20 || c > 0x7e) json.append(String.format("\\u%04x", (int) c));
      else json.append(c);
    }
    return json.append('"').toString();
  }

  static String write(Object value) {
    if (value == null) return "[\"null\"]";
    if (value instanceof Boolean) return "[\"bool\"," + value + "]";
    if (value instanceof Double) return "[\"float\",\"" + Long.toHexString(Double.doubleToLongBits((Double) value)) + "\"]";
    if (value instanceof Number) return "[\"int\",\"" + value + "\"]";
    if (value instanceof Date) return "[\"time\"," + ((Date) value).getTime() + "]";
    if (value instanceof String) return "[\"str\"," + quote((String) value) + "]";
    if (value instanceof Tagged) return "[\"tag\"," + quote(((Tagged) value).tag) + "," + write(((Tagged) value).value) + "]";
    List<String> parts = new ArrayList<>();
    if (value instanceof Map) {
      for (Map.Entry<?, ?> entry : ((Map<?, ?>) value).entrySet()) {
        parts.add("[" + write(entry.getKey()) + "," + write(entry.getValue()) + "]");
      }
      return "[\"map\",[" + String.join(",", parts) + "]]";
    }
    if (value instanceof Collection) {
      for (Object item : (Collection<?>) value) parts.add(write(item));
      return "[\"seq\",[" + String.join(",", parts) + "]]";
    }
    throw new IllegalArgumentException(value.getClass().getName());
  }

  public static void main(String[] args) throws Exception {
    BufferedReader reader = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
    for (String line; (line = reader.readLine()) != null; ) {
      String text = new String(Base64.getDecoder().decode(line), StandardCharsets.UTF_8);
      String result;
      try {
        result = write(new Yaml(new TemplateConstructor()).load(text));
      } catch (RuntimeException error) {
        result = "null";
      }
      System.out.println(result);
    }
  }
}
