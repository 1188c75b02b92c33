module icspd.test/crio-1.34

go 1.26.3

require github.com/cri-o/cri-o v1.34.0
