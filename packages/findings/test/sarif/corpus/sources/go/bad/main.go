package main

import (
	"crypto/md5"
	"fmt"
	"math/rand"
	"net/http"
	"os"
	"os/exec"
	"strings"
)

const password = "hunter22-secret"

func unused() {}

func main() {
	name := os.Args[1]
	name = name
	exec.Command("sh", "-c", name).Run()
	fmt.Printf("%d %x\n", name, md5.Sum([]byte(name)))
	http.ListenAndServe(":8080", nil)
	if strings.Index(name, "x") != -1 {
		fmt.Println(rand.Int(), password)
	}
	os.Chmod(name, 0777)
	for {
	}
	fmt.Println("unreachable")
}
