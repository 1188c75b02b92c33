module icspd.test/crictl

go 1.26.3

require sigs.k8s.io/cri-tools v1.36.0
