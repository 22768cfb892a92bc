import os
n=b''
while b'\n' not in n:n+=os.read(0,1)
n=int(n);s=b''
while len(s)<n:s+=os.read(0,n-len(s)) or os._exit(9)
exec(compile(s,'<loopscope importlib._bootstrap>','exec'),{'__name__':'loopscope'})
