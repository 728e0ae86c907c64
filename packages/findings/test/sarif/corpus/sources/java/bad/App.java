import java.util.*;
import java.io.*;

public class App {
    private String unused;
    static String password = "hunter22";
    public boolean equals(Object other) { return this == other; }
    public static void main(String args[]) throws Exception {
        String text = null;
        try { text = args[0]; } catch (Exception e) { }
        if (text == "x") System.out.println("x");
        Runtime.getRuntime().exec("ls " + text);
        new Random().nextInt();
        FileInputStream stream = new FileInputStream(text);
        for (int i = 0; i < 10; i++) { int j = i; }
        System.gc();
        switch (args.length) { case 1: System.out.println(1); case 2: System.out.println(2); }
    }
}
